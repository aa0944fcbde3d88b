#include "tools/office/page_parts.hpp"

#include <array>
#include <cstdio>

#include "content/html/page.hpp"

namespace riverlight::office {
namespace {

using html::Attribute;
using html::Url;
using namespace std::chrono_literals;

constexpr auto refresh_every = 5s;

Html section_link(Section section, std::optional<Section> current) {
    const Attribute here = section == current ? Attribute("aria-current", "page") : Attribute();
    switch (section) {
        case Section::boards:
            return Html("<a href=\"{}\"{}>Boards</a>", Url("/boards"), here);
        case Section::airings:
            return Html("<a href=\"{}\"{}>Airings</a>", Url("/airings"), here);
        case Section::planned:
            return Html("<a href=\"{}\"{}>Planned against aired</a>", Url("/planned"), here);
        case Section::quarantine:
            return Html("<a href=\"{}\"{}>Quarantine</a>", Url("/quarantine"), here);
    }
    return {};
}

Html navigation(const Session& session, std::optional<Section> current) {
    Html links;
    for (const auto section : {Section::boards, Section::airings, Section::planned, Section::quarantine})
        links += section_link(section, current);
    return Html(
        "<nav aria-label=\"Pages\">{}</nav><form class=\"who\" method=\"post\" action=\"{}\">{}"
        "<span>{}</span><button>Sign out</button></form>",
        links, Url("/sign-out"), form_token_field(session), session.user);
}

std::string_view class_of(Mood mood) {
    switch (mood) {
        case Mood::good:
            return "well";
        case Mood::warning:
            return "warn";
        case Mood::bad:
            return "bad";
        case Mood::quiet:
            return "soft";
    }
    return "";
}

Html labelled_cell(std::string_view label, const Attribute& style, const Html& content) {
    return Html("<td data-label=\"{}\"{}>{}</td>", label, style,
                content.empty() ? Html() : Html("<div>{}</div>", content));
}

}  // namespace

Html layout(std::string_view title, std::optional<Section> section, const Session* session,
            const Html& content) {
    return html::served_page(
        {std::string(title) + " · Riverlight office", "Riverlight office",
         session ? navigation(*session, section) : Html(), content,
         html::Refresh{refresh_every, "The office does not answer; what you see may be old."}});
}

Html form_token_field(const Session& session) {
    return Html("<input type=\"hidden\" name=\"form_token\" value=\"{}\">", session.form_token);
}

Html chip(Mood mood, std::string_view text) {
    return Html("<span class=\"chip {}\">{}</span>", class_of(mood), text);
}

std::string time_text(std::chrono::milliseconds time) {
    using namespace std::chrono;
    std::array<char, 64> out{};
    const hh_mm_ss split(floor<seconds>(time));
    const auto minute = static_cast<int>(split.minutes().count()),
               second = static_cast<int>(split.seconds().count());
    if (time < minutes{1})
        std::snprintf(out.data(), out.size(), "%d.%d s", second, static_cast<int>(time.count() % 1000 / 100));
    else if (time < hours{1})
        std::snprintf(out.data(), out.size(), "%d min %02d s", minute, second);
    else
        std::snprintf(out.data(), out.size(), "%lld h %02d min %02d s",
                      static_cast<long long>(split.hours().count()), minute, second);
    return out.data();
}

Html cell(std::string_view label, const Html& content) {
    return labelled_cell(label, {}, content);
}

Html number_cell(std::string_view label, const Html& content) {
    return labelled_cell(label, Attribute("class", "n"), content);
}

Html table(const Html& heads, const Html& rows) {
    return Html("<table class=\"stack\"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heads, rows);
}

Html option(std::string_view value, std::string_view text, bool selected) {
    return Html("<option value=\"{}\"{}>{}</option>", value, Attribute::flag("selected", selected), text);
}

Html select_field(std::string_view name, std::string_view label, const std::vector<std::string>& values,
                  const std::string& chosen, std::string (*name_of)(const std::string&)) {
    Html options = option("", "all", chosen.empty());
    bool listed = chosen.empty();
    for (const auto& value : values) {
        options += option(value, name_of ? name_of(value) : value, value == chosen);
        listed = listed || value == chosen;
    }
    if (!listed) options += option(chosen, chosen, true);
    return Html("<label>{}<select name=\"{}\">{}</select></label>", label, name, options);
}

Html date_field(std::string_view name, std::string_view label,
                const std::optional<std::chrono::local_days>& day) {
    return Html("<label>{}<input type=\"date\" name=\"{}\" value=\"{}\"></label>", label, name,
                day ? to_iso(*day) : "");
}

Html export_links(const std::function<html::Url(const std::string& ending)>& url_of) {
    Html out;
    for (const auto& [ending, name] : {std::pair{"csv", "CSV"}, {"xlsx", "Excel"}, {"jsonl", "JSON lines"}})
        out += Html("<a class=\"button plain\" href=\"{}\">Export as {}</a>", url_of(ending), name);
    return out;
}

Html problem_box(const Html& message) {
    return Html("<section class=\"note bad-note\"><p class=\"bad\">{}</p></section>", message);
}

Html channel_problem(const std::string& fault) {
    if (fault.empty()) return {};
    return problem_box(
        Html("The channel could not be read: {}. The release that was read before still counts, and the "
             "office tries "
             "again by itself. If this message stays, run <code>riverlight channel verify</code> on the "
             "channel's folder.",
             fault));
}

Html pruned_note(const std::optional<std::chrono::local_days>& pruned_before) {
    if (!pruned_before) return {};
    return Html(
        "<p class=\"soft\" id=\"pruned\">Airings and plans of days before {} were removed. The sums of those "
        "days "
        "stay.</p>",
        to_iso(*pruned_before));
}

}  // namespace riverlight::office
