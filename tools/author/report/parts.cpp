#include "tools/author/report/parts.hpp"

#include <cmath>
#include <cstdio>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/markup.hpp"

namespace riverlight::author::report {
namespace {

std::string with_minus(std::string text) {
    if (text.starts_with('-')) text.replace(0, 1, "−");
    return text;
}

}  // namespace

std::string number(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return with_minus(text);
}

std::string level(double value, std::string_view unit) {
    return std::isfinite(value) ? number(value) + ' ' + std::string(unit) : "silence";
}

std::string without_folder(std::string text, const SegmentSource& source) {
    const auto folder = source.folder + (source.folder.ends_with('/') ? "" : "/");
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
        text.erase(at, folder.size());
    return text;
}

std::string fact(std::string_view term, std::string_view text) {
    return "<div><dt>" + markup_escaped(term) + "</dt><dd>" + markup_escaped(text) + "</dd></div>";
}

std::string table(const std::vector<std::string>& heads,
                  const std::vector<std::vector<std::string>>& rows_html, std::string_view caption) {
    std::string out = "<table><caption>" + markup_escaped(caption) + "</caption><thead><tr>";
    for (const auto& head : heads) out += "<th scope=\"col\">" + markup_escaped(head) + "</th>";
    out += "</tr></thead><tbody>";
    for (const auto& row : rows_html) {
        out += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i)
            out += "<td data-label=\"" + markup_escaped(heads[i]) + "\"><div>" + row[i] + "</div></td>";
        out += "</tr>";
    }
    return out + "</tbody></table>";
}

std::string figure(const std::string& jpeg, std::string_view alt, std::string_view caption) {
    return "<figure><img alt=\"" + markup_escaped(alt) + "\" src=\"data:image/jpeg;base64," +
           to_base64(jpeg) + "\"><figcaption>" + markup_escaped(caption) + "</figcaption></figure>";
}

std::string_view style() {
    return R"css(:root{color-scheme:light;--ink:#1c2629;--soft:#55646a;--line:#d5dcdf;--bad:#a3241b;--warn:#7a5200;--well:#1d6b3a}
*{box-sizing:border-box}
body{margin:0 auto;overflow-wrap:anywhere;padding:24px 20px 60px;max-width:1100px;color:var(--ink);background:#fff;font:16px/1.5 system-ui,"Noto Sans",sans-serif}
h1{font-size:1.8rem;line-height:1.2;margin:.1em 0}
h2{font-size:1.25rem;margin:2.2em 0 .6em;padding-top:.8em;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.4em 0 .4em}
p{margin:.4em 0;max-width:70ch}
.soft,caption,dt,figcaption,th{color:var(--soft)}
.verdict{margin:1em 0;padding:.7em 1em;border-left:6px solid;background:#f4f6f7;font-weight:600}
.bad{color:var(--bad)}.warn{color:var(--warn)}.well{color:var(--well)}
.kind{font-weight:600;white-space:nowrap}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:.7em 1.4em;margin:.6em 0}
dt{font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.95rem}
caption{text-align:left;padding-bottom:.4em}
th,td{text-align:left;vertical-align:top;padding:.45em .9em .45em 0;border-bottom:1px solid var(--line)}
th{font-weight:600;font-size:.85rem}
td{overflow-wrap:anywhere}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px;padding:0;margin:.8em 0;list-style:none}
.frames{grid-template-columns:repeat(auto-fill,minmax(240px,1fr))}
figure{margin:0}img{display:block;width:100%;height:auto;background:#000;outline:1px solid var(--line)}
figcaption{font-size:.85rem;padding-top:2px}
svg{display:block;width:100%;max-width:640px;height:auto;margin:.4em 0}
svg text{font-size:13px;fill:var(--soft)}
@media(max-width:640px){body{padding:16px 14px 40px}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,td{display:block}tr{padding:.6em 0;border-bottom:1px solid var(--line)}
td{display:grid;grid-template-columns:6.5em 1fr;border:0;padding:.1em 0}td:before{content:attr(data-label);color:var(--soft);font-size:.85rem}
.pictures{grid-template-columns:1fr 1fr}.frames{grid-template-columns:1fr}}
@media print{body{max-width:none;padding:0;font-size:11pt}h2{break-after:avoid}figure,tr,svg{break-inside:avoid}}
)css";
}

std::optional<quality::ReadingSpeed> speed_of(const Wording& words) {
    if (words.subtitles.empty()) return {};
    try {
        return quality::reading_speed(
            player::parse_subtitles(read_file(words.subtitles, 4U << 20), words.subtitles));
    } catch (const Error&) {
        return {};  // the examination says why
    }
}

}  // namespace riverlight::author::report
