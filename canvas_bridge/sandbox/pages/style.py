"""The style sheet of the sandbox's pages: quiet, light and dark, readable at any width and without scripts."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f4f1, #131110);
  --surface: light-dark(#ffffff, #1c1918);
  --surface-2: light-dark(#f1eeea, #262221);
  --line: light-dark(#dcd6cf, #3b3533);
  --control-line: light-dark(#6d6661, #a39a95);
  --text: light-dark(#1e1a18, #f2eeec);
  --text-2: light-dark(#48413d, #c8bfba);
  --link: light-dark(#7c2410, #ffb9a2);
  --brand: light-dark(#7a2410, #4a180c);
  --own: light-dark(#fbe6bd, #4b3712);
  --own-line: light-dark(#c27603, #f2b544);
  --bar: light-dark(#8a7f78, #a99e97);
  --focus: light-dark(#1d3fd1, #ffd76a);
}
* { box-sizing: border-box; }
html { scroll-padding: 1rem; }
body {
  margin: 0; background: var(--ground); color: var(--text); overflow-wrap: break-word;
  font-variant-numeric: tabular-nums;
  font: .9375rem/1.5 "Segoe UI", -apple-system, BlinkMacSystemFont, Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
main { padding-inline: clamp(1rem, 4vw, 1.5rem); }
.site { padding-inline: max(clamp(1rem, 4vw, 1.5rem), calc((100% - 76rem) / 2 + 1.5rem)); }
main { max-width: 76rem; margin: 0 auto; padding-block: 1rem 3rem; }
main:focus { outline: none; }
header.site {
  background: var(--brand); color: #fff; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center;
  justify-content: space-between; padding-block: .6rem;
}
.name { color: #fff; font-weight: 600; font-size: 1.0625rem; text-decoration: none; padding-block: .375rem; }
.name:hover { text-decoration: underline; }
.search { display: flex; gap: .5rem; flex: 0 1 26rem; }
.search input { flex: 1; min-width: 0; }
input, button {
  font: inherit; font-size: .875rem; min-height: 2.25rem; padding: 0 .75rem; border-radius: 6px;
  background: var(--surface); color: var(--text); border: 1px solid var(--control-line);
}
input::placeholder { color: var(--text-2); opacity: 1; }
button { font-weight: 600; cursor: pointer; }
button:hover { background: var(--surface-2); }
footer.site { border-top: 1px solid var(--line); color: var(--text-2); font-size: .8125rem; }
footer p { margin: 0; padding-block: 1rem 2rem; max-width: none; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
header :focus-visible { outline-color: #fff; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--surface); padding: .5rem .75rem; z-index: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.crumbs ol { list-style: none; display: flex; flex-wrap: wrap; margin: 0; padding: 0; font-size: .875rem; }
.crumbs li { padding-block: .25rem; }
.crumbs li + li::before { content: "/"; color: var(--text-2); margin-inline: .5rem; }
h1 { font-size: 1.625rem; line-height: 1.25; margin: .5rem 0 .25rem; }
h2 { font-size: 1.3125rem; line-height: 1.25; margin: 2rem 0 .5rem; }
h1, h2, th { font-weight: 600; }
p { max-width: 68ch; margin: .25rem 0 .75rem; }
.lead { font-size: 1.0625rem; }
.quiet, .class { color: var(--text-2); }
.class { display: block; font-size: .8125rem; font-weight: 400; }
.notice { background: var(--own); border-left: 4px solid var(--own-line); padding: .75rem 1rem; border-radius: 4px; }
table {
  border-collapse: separate; border-spacing: 0; width: 100%; margin-block: .5rem 1rem; font-size: .875rem;
  background: var(--surface); border: 1px solid var(--line); border-radius: 6px;
}
caption { text-align: start; padding: .25rem 0 .5rem; color: var(--text-2); font-size: .8125rem; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--surface-2); color: var(--text-2); font-size: .8125rem; }
thead th:first-child { border-start-start-radius: 5px; }
thead th:last-child { border-start-end-radius: 5px; }
mark { background: var(--own); color: inherit; padding: .05em .3em; margin-inline-start: -.3em; border-radius: 4px; }
.bar { display: block; width: 100%; max-width: 9rem; height: 6px; margin-top: .35rem; border-radius: 3px; }
.bar .limit { fill: var(--bar); }
.bar .more { fill: var(--own-line); }
dl {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11rem, 100%), 1fr)); gap: .75rem 1.5rem;
  margin: 1rem 0; padding: 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 6px;
}
dt { color: var(--text-2); font-size: .8125rem; }
dd { margin: 0; }
summary { cursor: pointer; padding: .5rem 0; }
.plain { list-style: none; margin: 0; padding: 0; }
.plain a { display: inline-block; padding-block: .25rem; }
.plain li:first-child a { padding-block-start: 0; }
.names { columns: 14rem; padding-inline-start: 1.25rem; }
.names li { padding-block: .125rem; }
@media (max-width: 60rem) {
  table, tbody, tr, tbody th, td { display: block; }
  table { background: none; border: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  caption { display: block; }
  tr {
    background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: .5rem 1rem;
    margin-bottom: .75rem;
  }
  tbody th, td { border: 0; padding: .25rem 0; }
  tbody th { font-size: 1rem; padding-bottom: .375rem; }
  td { display: grid; grid-template-columns: 8rem 1fr; gap: .75rem; }
  td::before { content: attr(data-label); color: var(--text-2); font-size: .8125rem; }
}
@media (max-width: 22rem) { td { display: block; } td::before { display: block; } }
@media (pointer: coarse) {
  input, button { min-height: 2.75rem; }
  td a, th a, .names a, .crumbs a { display: inline-block; padding-block: .25rem; }
}
@media (forced-colors: active) { mark { border: 1px solid; } .bar { forced-color-adjust: none; } }
@media print { header.site form, .skip { display: none; } body { background: #fff; } }
"""
