#include "tools/office/page_parts.hpp"

#include <array>

#include "content/html/page.hpp"
#include "content/http/server.hpp"

namespace riverlight::office::parts {
namespace {

using http::html;
namespace pages = riverlight::html;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> sections{
    {{"/boards", "Boards"}, {"/airings", "Airings"}, {"/planned", "Planned against aired"}}};

}  // namespace

std::string hidden(const Session& session) {
    return "<input type=\"hidden\" name=\"form_token\" value=\"" + session.form_token + "\">";
}

std::string layout(const std::string& title, std::string_view active, const Session* session,
                   const std::string& content) {
    std::string out =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>" +
        html(title) + " · Riverlight office</title><link rel=\"icon\" href=\"" + pages::files()[2].path +
        "\"><link rel=\"stylesheet\" href=\"" + pages::files()[0].path + "\"><script src=\"" +
        pages::files()[1].path +
        "\" "
        "defer></script></head><body><a class=\"skip\" href=\"#main\">Skip to content</a><header><div><a "
        "class=\"logo\" href=\"/\">Riverlight office</a>";
    if (session) {
        out += "<nav aria-label=\"Pages\">";
        for (const auto& [path, name] : sections)
            out += "<a href=\"" + std::string(path) + "\"" +
                   (path == active ? " aria-current=\"page\"" : "") + ">" + std::string(name) + "</a>";
        out += "</nav><form class=\"who\" method=\"post\" action=\"/sign-out\">" + hidden(*session) +
               "<span>" + html(session->user) + "</span><button>Sign out</button></form>";
    }
    return out +
           "</div></header><main id=\"main\" data-every=\"5000\"><p id=\"lost\" class=\"bad\" "
           "role=\"status\" hidden>The office "
           "does "
           "not answer; what you see may be old.</p>" +
           content + "</main></body></html>\n";
}

std::string chip(std::string_view mood, std::string_view text) {
    return "<span class=\"chip " + std::string(mood) + "\">" + html(text) + "</span>";
}

std::string td(std::string_view label, const std::string& content, std::string_view cls) {
    return "<td data-label=\"" + std::string(label) + "\"" +
           (cls.empty() ? "" : " class=\"" + std::string(cls) + "\"") + ">" +
           (content.empty() ? "" : "<div>" + content + "</div>") + "</td>";
}

std::string choice(std::string_view value, std::string_view text, std::string_view chosen) {
    return "<option value=\"" + html(value) + "\"" + (value == chosen ? " selected" : "") + ">" + html(text) +
           "</option>";
}

std::string choices(std::string_view name, std::string_view label, const std::vector<std::string>& values,
                    const std::string& chosen, std::string (*word)(const std::string&)) {
    std::string out = "<label>" + std::string(label) + "<select name=\"" + std::string(name) + "\">" +
                      choice("", "all", chosen);
    bool listed = chosen.empty();
    for (const auto& value : values) {
        out += choice(value, word ? word(value) : value, chosen);
        listed = listed || value == chosen;
    }
    if (!listed) out += choice(chosen, chosen, chosen);
    return out + "</select></label>";
}

std::string date_field(std::string_view name, std::string_view label,
                       const std::optional<std::chrono::local_days>& day) {
    return "<label>" + std::string(label) + "<input type=\"date\" name=\"" + std::string(name) +
           "\" value=\"" + (day ? to_iso(*day) : "") + "\"></label>";
}

std::string trouble(const std::string& words) {
    return "<section class=\"note bad-note\"><p class=\"bad\">" + words + "</p></section>";
}

std::string channel_trouble(const std::string& fault) {
    if (fault.empty()) return {};
    return trouble(
        "The channel could not be read: " + html(fault) +
        ". What was read of it before still counts, and it is read again by itself; if this stays, try "
        "<code>riverlight channel verify</code> on its folder.");
}

std::string table(std::string_view heads, const std::string& rows) {
    return "<table class=\"stack\"><thead><tr>" + std::string(heads) + "</tr></thead><tbody>" + rows +
           "</tbody></table>";
}

}  // namespace riverlight::office::parts
