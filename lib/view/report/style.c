/* SPDX-License-Identifier: ISC */
#include "view/report/parts.h"

/*
 * Every state has a word and a border beside its colour, and every part of a
 * timeline a pattern or an outline, so that nothing is lost in print, where
 * backgrounds go, or to an eye that tells no red from green.  Each colour of
 * text has a contrast of at least 4.5 to what lies behind it, in both schemes.
 */
const char report_style[] =
    ":root{color-scheme:light;--fg:#1b1d20;--soft:#4b5159;--bg:#fff;"
    "--card:#f4f5f7;--line:#c3c8cf;--link:#0b4c96;"
    "--ok:#17602f;--okbg:#ddf0e2;--warn:#714300;--warnbg:#fdecc8;"
    "--crit:#9c1010;--critbg:#fbdddd;--unk:#563a86;--unkbg:#eae3f5;"
    "--past:#e3e6ea}\n"
    "@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;"
    "--fg:#e7e9ec;--soft:#b6bcc4;--bg:#15181b;--card:#1f2327;--line:#4a5159;"
    "--link:#8dbbf7;--ok:#8ed8a6;--okbg:#163a24;--warn:#f6c76d;"
    "--warnbg:#45320c;--crit:#ffa199;--critbg:#4c1717;--unk:#cfb8f3;"
    "--unkbg:#34274b;--past:#30363c}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;color:var(--fg);background:var(--bg);font:16px/1.5 "
    "'Helvetica Neue',Helvetica,Arial,'Liberation Sans','DejaVu Sans',"
    "sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\n"
    "header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}\n"
    "h1,h2,h3,h4{font-family:Georgia,'Times New Roman','Liberation Serif',"
    "'DejaVu Serif',serif;font-weight:normal;line-height:1.25;margin:0}\n"
    "h1{font-size:2rem;padding:1.5rem 0 .5rem}\n"
    "h2{font-size:1.45rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;"
    "border-bottom:1px solid var(--fg);break-after:avoid}\n"
    "h3{font-size:1.15rem}h4{font-size:1rem;break-after:avoid}\n"
    "p,dl,ul{margin:.5rem 0}\n"
    "a{color:var(--link)}\n"
    ":focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
    ".skip{position:absolute;left:-99rem;background:var(--bg);"
    "padding:.5rem 1rem}.skip:focus{left:0;top:0;z-index:1}\n"
    ".hide{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%);white-space:nowrap}\n"
    ".soft,caption,th,figcaption{color:var(--soft)}\n"
    "code{font-family:'DejaVu Sans Mono',Consolas,Menlo,'Liberation Mono',"
    "monospace;font-size:.9em}\n"
    "time,td .soft{white-space:nowrap}\n"
    /* The head, and what is to be done. */
    "header{border-bottom:3px solid var(--fg);padding-bottom:.75rem}\n"
    ".made{display:flex;flex-wrap:wrap;gap:.25rem 2rem;margin:0;"
    "font-size:.875rem}.made div{min-width:0}\n"
    ".made dt{color:var(--soft)}.made dd{margin:0}\n"
    ".next{font-size:1.2rem;line-height:1.4;border-left:6px solid;"
    "padding:0 0 0 1rem;margin:1rem 0;break-inside:avoid}"
    ".next p{color:var(--fg);max-width:60rem}\n"
    ".counts{display:flex;flex-wrap:wrap;gap:.5rem 1rem;padding:0;"
    "list-style:none}\n"
    /* States. */
    ".state{color:var(--soft);display:inline-block;border:1px solid;"
    "border-radius:.25rem;"
    "padding:0 .45rem;font:bold .875rem/1.5 'Helvetica Neue',Helvetica,"
    "Arial,'Liberation Sans','DejaVu Sans',sans-serif;white-space:nowrap}\n"
    ".s0{color:var(--ok);background:var(--okbg)}\n"
    ".s1{color:var(--warn);background:var(--warnbg)}\n"
    ".s2{color:var(--crit);background:var(--critbg);border-width:2px}\n"
    ".s3{color:var(--unk);background:var(--unkbg);border-style:dashed}\n"
    ".next.s0,.next.s1,.next.s2,.next.s3{background:none;"
    "border-style:solid;border-width:0 0 0 6px}\n"
    /* Tables. */
    "table{border-collapse:collapse;width:100%;font-size:.9375rem}\n"
    "caption{text-align:left;font-size:.875rem;padding:.25rem 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;"
    "border-bottom:1px solid var(--line)}\n"
    "th,td{overflow-wrap:normal}td bdi,code{overflow-wrap:anywhere}\n"
    "th{font-weight:normal;font-size:.875rem}.all tbody th{"
    "min-width:8rem}tbody th{color:inherit;"
    "font-size:inherit}.list td:first-child{white-space:nowrap}"
    "tr{break-inside:avoid}\n"
    /* Pairs. */
    "details{border-bottom:1px solid var(--line);padding:.5rem 0;"
    "break-inside:avoid}\n"
    "summary{cursor:pointer;padding:.25rem 0}summary h3{display:inline}\n"
    "summary .state{margin:0 .5rem}\n"
    ".pair{scroll-margin-top:4rem}\n"
    ".grid{display:grid;gap:1rem 2rem;grid-template-columns:repeat("
    "auto-fit,minmax(min(100%,24rem),1fr));align-items:start;"
    "margin:.75rem 0}.grid>*{min-width:0}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:0;"
    "list-style:none;font-size:.875rem}\n"
    ".legend li{display:flex;gap:.4rem;align-items:center}"
    ".legend svg{flex:none}\n"
    /* Timelines. */
    "svg.line{display:block;width:100%;margin:.75rem 0;overflow:visible}\n"
    ".t{font-size:12px;fill:var(--fg)}.t.s{fill:var(--soft)}"
    ".t.y,.t.b{font-weight:bold}\n"
    ".now{fill:var(--okbg);stroke:var(--ok);stroke-width:1.5}\n"
    ".past{fill:var(--past);stroke:var(--soft)}\n"
    ".plan{fill:none;stroke:var(--link);stroke-dasharray:4 3}\n"
    ".warns{stroke:var(--warn);stroke-width:17;stroke-dasharray:1.5 3.5}\n"
    ".alarms{stroke:var(--crit);stroke-width:17;stroke-dasharray:2 1}\n"
    ".tick,.year{stroke:var(--line)}.year{stroke:var(--soft)}\n"
    ".today{stroke:var(--fg);stroke-width:2}\n"
    ".end{stroke:var(--crit);stroke-width:2}\n"
    ".cert{stroke:var(--unk);stroke-width:3;stroke-dasharray:2 3}\n"
    ".lead{stroke:var(--warn);stroke-width:4}\n"
    ".held{fill:var(--soft);stroke:var(--soft)}\n"
    ".coming{fill:var(--bg);stroke:var(--link);stroke-width:2}\n"
    ".missed{fill:none;stroke:var(--crit);stroke-width:3}\n"
    /* The calendar. */
    ".months{display:grid;gap:1.25rem 1.5rem;grid-template-columns:repeat("
    "auto-fill,minmax(min(100%,14rem),1fr));margin:1rem 0}\n"
    ".months table{font-size:.8125rem;break-inside:avoid;"
    "table-layout:fixed}\n"
    ".months caption{color:var(--fg);font-size:.9375rem}\n"
    ".months th,.months td{border:0;text-align:center;padding:.1rem 0;"
    "font-size:.8125rem}\n"
    ".months td b{display:block;border:1px solid;border-radius:.2rem;"
    "line-height:1.2;padding:.05rem 0}\n"
    ".months td{position:relative}"
    ".months .day{outline:2px solid var(--fg)}\n"
    ".words{display:grid;grid-template-columns:minmax(6rem,13rem) 1fr;"
    "gap:.25rem 1.5rem}.words dt{font-weight:bold}.words dd{margin:0}\n"
    "@media(max-width:40em){.w{display:none}h1{font-size:1.6rem}"
    ".all thead{position:absolute;clip-path:inset(50%)}"
    ".all,.all caption,.all tbody,.all tr,.all th,.all td{display:block}"
    ".all th,.all td{border:0;padding:0}"
    ".all td[data-l]::before{content:attr(data-l) ' ';color:var(--soft)}"
    ".all tr{padding:.5rem 0;border-bottom:1px solid var(--line)}}\n"
    "@page{margin:14mm 15mm 16mm;@bottom-right{content:'Page ' "
    "counter(page) ' of ' counter(pages);font:7.5pt Helvetica,Arial,"
    "'DejaVu Sans',sans-serif;color:#444}}\n"
    "@media print{:root{font-size:11.5px}body{font-size:1rem}"
    ".t{font-size:10px}header,main,footer{max-width:none;"
    "padding:0}h1{padding-top:0}.skip,.screen{display:none}"
    "thead{display:table-header-group}"
    ".months{grid-template-columns:repeat(4,1fr);gap:4mm 5mm}"
    "a{color:inherit;text-decoration:none}}\n";

#define SIGN(title, drawing, text) \
	"<li><svg role=\"img\" width=\"36\" height=\"18\"><title>" title \
	"</title>" drawing "</svg>" text "</li>\n"
#define SAMPLE(class) "<rect class=\"" class "\" x=\"1\" y=\"1\" " \
	"width=\"34\" height=\"16\"/>"
#define STRIPES(class) "<line class=\"" class "\" x1=\"1\" x2=\"35\" " \
	"y1=\"9\" y2=\"9\"/>"
#define SIGN_MARK(id) "<use href=\"#m-" id "\" x=\"18\" y=\"9\"/>"
#define UPRIGHT(class) "<line class=\"" class "\" x1=\"18\" x2=\"18\" " \
	"y1=\"0\" y2=\"18\"/>"

const char report_legend[] =
    "<ul class=\"legend\">\n"
    SIGN("solid bar", "<defs>"
	"<path id=\"m-held\" class=\"held\" d=\"M0-6 6 0 0 6-6 0z\"/>"
	"<path id=\"m-coming\" class=\"coming\" d=\"M0-6 6 0 0 6-6 0z\"/>"
	"<path id=\"m-missed\" class=\"missed\" d=\"M-6-6 6 6M-6 6 6-6\"/>"
	"</defs>" SAMPLE("now"), "the CRL in use")
    SIGN("grey bar", SAMPLE("past"), "another CRL of the root")
    SIGN("dashed outline", SAMPLE("plan"), "a CRL to come, if its ceremony "
	"is held")
    SIGN("striped", STRIPES("warns"), "expiring: by its beginning the next "
	"CRL must be in place (cushion)")
    SIGN("closely striped", STRIPES("alarms"), "critical, up to its end")
    SIGN("full diamond", SIGN_MARK("held"), "a CRL was signed")
    SIGN("empty diamond, with a line before it", "<line class=\"lead\" "
	"x1=\"3\" x2=\"18\" y1=\"9\" y2=\"9\"/>" SIGN_MARK("coming"),
	"a ceremony to come, and the days of its reminder")
    SIGN("X", SIGN_MARK("missed"), "a ceremony that was missed")
    SIGN("upright line that says today", UPRIGHT("today"), "today")
    SIGN("upright line that says expires", UPRIGHT("end"),
	"the CRL in use expires")
    SIGN("dotted upright line", UPRIGHT("cert"), "a certificate "
	"ends, the root's or the subordinate's")
    "</ul>\n";

#define WORD(word, meaning) "<dt>" word "</dt><dd>" meaning "</dd>\n"

const char report_words[] =
    "<section aria-labelledby=\"words\">\n<h2 id=\"words\">Words</h2>\n"
    "<dl class=\"words\">\n"
    WORD("CRL", "the list of revoked certificates that a root signs; with "
	"one that has expired, its subordinates stop")
    WORD("ceremony", "the occasion on which a root is powered up and its CRL "
	"signed")
    WORD("fresh", "nothing is to be done")
    WORD("upcoming", "a ceremony is near: call the operator and the "
	"witnesses")
    WORD("overdue", "a ceremony date and its grace have passed, and nothing "
	"fulfils it")
    WORD("expiring", "the next CRL should be in place already")
    WORD("critical", "few days are left before the CRL expires")
    WORD("expired", "the CRL has ended: whoever checks it refuses")
    WORD("missing, invalid, not-yet-valid, behind", "a store lacks the CRL, "
	"or holds one that does not verify, is of the future, or is older "
	"than what was accepted")
    WORD("unreadable", "something of the pair cannot be read, so not all is "
	"known")
    WORD("revoked", "the subordinate's own certificate is on the CRL")
    WORD("clock-suspect", "the clock lies before something already accepted")
    "</dl>\n</section>\n";
