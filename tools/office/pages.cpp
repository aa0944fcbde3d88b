#include "tools/office/pages.hpp"

#include "content/http/server.hpp"
#include "tools/office/page_parts.hpp"

namespace riverlight::office {

using http::html;
using parts::layout;

std::string status_word(content::AiringStatus status) {
    switch (status) {
        case content::AiringStatus::truncated:
            return "cut short";
        case content::AiringStatus::substituted:
            return "replaced";
        case content::AiringStatus::skipped:
            return "not aired";
        case content::AiringStatus::aired:
        case content::AiringStatus::failed:
        case content::AiringStatus::interrupted:
            break;
    }
    return std::string(to_text(status));
}

std::string sign_in_page(const std::string& complaint, bool has_users) {
    std::string out = "<section class=\"login\"><h1>Sign in</h1>";
    if (!has_users)
        out +=
            "<p>Nobody can sign in yet. Make the first user with <code>riverlight-office user add NAME "
            "--state "
            "FOLDER</code>.</p>";
    if (!complaint.empty()) out += "<p class=\"bad\" role=\"alert\">" + html(complaint) + "</p>";
    out +=
        "<form method=\"post\" action=\"/sign-in\"><label>User<input name=\"user\" autocomplete=\"username\" "
        "autocapitalize=\"none\" required autofocus></label><label>Password<input name=\"password\" "
        "type=\"password\" autocomplete=\"current-password\" required></label><button>Sign "
        "in</button></form></section>";
    return layout("Sign in", "", nullptr, out);
}

std::string message_page(const std::string& title, const std::string& text,
                         const std::optional<Session>& session) {
    return layout(title, "", session ? &*session : nullptr,
                  "<section><h1>" + html(title) + "</h1><p>" + html(text) +
                      "</p><p><a class=\"button\" href=\"/\">Go on</a></p></section>");
}

}  // namespace riverlight::office
