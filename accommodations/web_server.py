"""Settings of gunicorn, for the demo and for production: gunicorn --config python:accommodations.web_server."""

import os

wsgi_app = "accommodations.wsgi"
# Inside a container the port is the container's; the demo names 127.0.0.1.
bind = f"{os.environ.get('BIND_ADDRESS', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 10
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True

accesslog = "-"
# The path without its query: what somebody searched for is nobody else's business.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
