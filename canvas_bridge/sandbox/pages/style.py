"""The style sheet of the sandbox's pages: small, light and dark, readable at any width."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f4f0, #15181b);
  --surface: light-dark(#ffffff, #1e2327);
  --line: light-dark(#cfc9bf, #3c444a);
  --text: light-dark(#1d2429, #eef1f2);
  --quiet: light-dark(#49535a, #b7c1c7);
  --link: light-dark(#9a2a0b, #ffb59e);
  --mark: light-dark(#fdeccb, #463612);
  --focus: light-dark(#1d3fd1, #ffd76a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header.site { background: #7a2109; color: #fff; padding: .75rem clamp(1rem, 4vw, 2.5rem); }
header.site p { margin: 0; }
header.site a { color: #fff; font-weight: 700; }
main { padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 78rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--focus); outline-offset: 2px;
}
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: #fff; color: #000; padding: .5rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .75rem 0 .25rem; }
h2 { font-size: 1.2rem; margin: 1.75rem 0 .5rem; }
.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--surface); border: 1px solid var(--line); }
caption { text-align: start; padding: .25rem 0 .5rem; color: var(--quiet); }
th, td { text-align: start; vertical-align: top; padding: .45rem .7rem; border-bottom: 1px solid var(--line); }
thead th { font-size: .875rem; }
td.number { text-align: end; font-variant-numeric: tabular-nums; }
mark { background: var(--mark); color: inherit; padding: 0 .2em; border-radius: 3px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: .75rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
summary { cursor: pointer; padding: .35rem 0; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
"""
