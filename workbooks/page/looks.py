"""How the page looks and the little that moves on it.

Owns: styles for light, dark and print, and the filter. Colours keep a contrast of 4.5 : 1 (WCAG 2.2 AA).
"""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--ground:#fff;--ink:#1f2933;--quiet:#52606d;--line:#cbd2d9;--accent:#243b53;
--good:#14532d;--good-ground:#d3f2dd;--watch:#7a4b00;--watch-ground:#fdecc8;--bad:#7a1212;--bad-ground:#fad4d4;
--bar-good:#2e8b57;--bar-bad:#c0392b;--bar:#1f2933;--earlier:#b8c4d0;--target:#1d4ed8;--focus:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ground:#12181f;--ink:#e4e7eb;--quiet:#a9b4c0;--line:#3e4c59;--accent:#bcccdc;
--good:#c6f7d8;--good-ground:#14432a;--watch:#fde8b8;--watch-ground:#553a06;--bad:#ffd9d9;--bad-ground:#5f1d1d;
--bar-good:#4fb37c;--bar-bad:#e57368;--bar:#d9e2ec;--earlier:#52606d;--target:#8ab4f8;--focus:#8ab4f8}}
*{box-sizing:border-box}body{margin:0 auto;padding:1.5rem;max-width:72rem;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}h1{margin:0;color:var(--accent)}h2{margin:2rem 0 .5rem;color:var(--accent);
border-bottom:1px solid var(--line)}h3{margin:1.5rem 0 .25rem}p{margin:.25rem 0}.quiet{color:var(--quiet)}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}:focus-visible{outline:3px solid var(--focus);
outline-offset:2px}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);
text-align:left;vertical-align:top}td.n{white-space:nowrap}.n{text-align:right}tbody th{white-space:nowrap}
.green{background:var(--good-ground);
color:var(--good)}.amber{background:var(--watch-ground);color:var(--watch)}.red{background:var(--bad-ground);
color:var(--bad)}.status{padding:0 .5rem;border-radius:.25rem}figure{margin:1rem 0}figcaption{font-weight:600}
svg{max-width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}form{display:flex;flex-wrap:wrap;
gap:1rem;align-items:end;margin:.5rem 0}label{display:grid;gap:.25rem}select,input{font:inherit;padding:.35rem .5rem;
min-height:2.5rem;color:inherit;background:var(--ground);border:1px solid var(--quiet);border-radius:.25rem}
.bar{fill:var(--bar)}.plan{fill:none;stroke:var(--bar);stroke-width:1.5}.good{fill:var(--bar-good)}
.worse{fill:var(--bar-bad)}.earlier{fill:var(--earlier)}.axis{stroke:var(--line)}.target{stroke:var(--target);
stroke-width:2;fill:none}.ahead{fill:url(#hatch);stroke:var(--bar)}
@media print{body{max-width:none;padding:0;font-size:11px}form,.skip{display:none}h2{break-after:avoid}
figure,tr{break-inside:avoid}@page{size:A4 landscape;margin:12mm}}
"""

SCRIPT = """
(function(){var form=document.getElementById('filter');if(!form)return;form.hidden=false;
var rows=[].slice.call(document.querySelectorAll('#rows tbody tr')),parts=[].slice.call(
document.querySelectorAll('section[data-metric]')),shown=document.getElementById('shown');
function apply(){var metric=form.elements.metric.value,node=form.elements.node.value.trim().toLowerCase(),
status=form.elements.status.value,count=0;rows.forEach(function(row){var fits=(!metric||row.dataset.metric===metric)&&
(!status||row.dataset.status===status)&&(!node||row.dataset.node.indexOf(node)>=0);row.hidden=!fits;if(fits)count++;});
parts.forEach(function(part){part.hidden=!!metric&&part.dataset.metric!==metric;});
shown.textContent=count+' of '+rows.length+' rows';}
form.addEventListener('input',apply);form.addEventListener('submit',function(event){event.preventDefault();});apply();})();
"""
