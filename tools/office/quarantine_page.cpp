#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/parameters.hpp"

namespace riverlight::office {
namespace {

using html::Url;

Html figures(const QuarantinePage& page) {
    Html counts;
    for (const auto& [doubt, count] : page.doubts)
        counts += Html("<div><strong>{}</strong><small>{}</small></div>", count, describe(doubt));
    counts +=
        Html("<div><strong id=\"refused\">{}</strong><small>not accepted, held by its hash</small></div>",
             page.refused_count);
    return Html("<section><h2>How many</h2><div class=\"figures\">{}</div></section>", counts);
}

Html doubted_row(const AiringRow& row) {
    const auto& r = row.record;
    return Html("<tr>{}{}{}{}</tr>", cell("Time", Html("<span class=\"mono\">{}</span>", row.at)),
                cell("Board", Html("{}<small>epoch {}, seq {}</small>", r.board, r.epoch, r.seq)),
                cell("Segment", Html("{}<small>{}</small>", r.segment, r.campaign)),
                cell("Its record", Html::text(row.doubt ? describe(*row.doubt) : std::string_view())));
}

Html doubted(const QuarantinePage& page) {
    if (page.rows.empty()) return Html("<section><h2>In doubt</h2><p>No record is in doubt.</p></section>");
    Html rows, older;
    for (const auto& row : page.rows) rows += doubted_row(row);
    if (page.next)
        older = Html("<p><a class=\"button plain\" rel=\"next\" href=\"{}\">Older</a></p>",
                     Url("/quarantine").with("after", cursor_text(*page.next)));
    return Html(
        "<section><h2>In doubt</h2><p class=\"soft\">These records are signed and stay in their board's "
        "chain. "
        "They count nowhere. Look at the board's clock, and at its journal with <code>riverlight journal "
        "show</code>.</p>{}{}</section>",
        table(Html("<th>Time</th><th>Board</th><th>Segment</th><th>Its record</th>"), rows), older);
}

Html refused(const QuarantinePage& page) {
    if (page.refused.empty()) return {};
    Html rows;
    for (const auto& one : page.refused)
        rows += Html(
            "<tr>{}{}{}{}</tr>", cell("When", Html("<span class=\"mono\">{}</span>", to_rfc3339(one.at))),
            cell("Board", Html("{}<small>epoch {}, seq {}</small>", one.board, one.epoch, one.seq)),
            cell("Hash", Html("<span class=\"mono\">{}</span>", one.hash)), cell("Why", Html::text(one.why)));
    return Html(
        "<section><h2>Not accepted</h2><p class=\"soft\">The board keeps these records; the office holds "
        "their "
        "hashes.</p>{}</section>",
        table(Html("<th>When</th><th>Board</th><th>Hash</th><th>Why</th>"), rows));
}

}  // namespace

Html quarantine_page(const QuarantinePage& page, const Session& session) {
    return layout(
        "Quarantine", Section::quarantine, &session,
        Html("<h1>Quarantine</h1><p class=\"lead\">What boards sent and the office does not believe, "
             "or did not accept.</p>") +
            figures(page) + doubted(page) + refused(page));
}

}  // namespace riverlight::office
