# Leeway's web server, worker and beat, and the sandbox Canvas: one image, told apart by their commands.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=accommodations.settings BIND_ADDRESS=0.0.0.0 PORT=8000

RUN useradd --system --uid 10001 --create-home --home-dir /home/leeway --shell /usr/sbin/nologin leeway \
 && install --directory --owner leeway --group leeway /state

WORKDIR /app
COPY requirements/production.lock requirements/production.lock
RUN pip install --require-hashes --requirement requirements/production.lock

COPY manage.py pyproject.toml ./
COPY accommodations accommodations
COPY canvas_bridge canvas_bridge
COPY templates templates
COPY static static
# Static files need no secret: the published placeholders are enough here, and are refused when a server starts.
RUN python manage.py collectstatic --no-input --verbosity 0

USER leeway
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-m", "accommodations.probe", "web"]
CMD ["gunicorn", "--config", "python:accommodations.web_server"]
