#include "tools/office/pages.hpp"

#include "tools/office/page_parts.hpp"

namespace riverlight::office {

using html::Url;

std::string status_name(content::AiringStatus status) {
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

Html sign_in_page(const std::string& message, bool has_users) {
    Html notes;
    if (!has_users)
        notes += Html(
            "<p>Nobody can sign in yet. Make the first user with <code>riverlight-office user add NAME "
            "--state "
            "FOLDER</code>.</p>");
    if (!message.empty()) notes += Html("<p class=\"bad\" role=\"alert\">{}</p>", message);
    const Html form(
        "<form method=\"post\" action=\"{}\"><label>User<input name=\"user\" autocomplete=\"username\" "
        "autocapitalize=\"none\" required autofocus></label><label>Password<input name=\"password\" "
        "type=\"password\" autocomplete=\"current-password\" required></label><button>Sign "
        "in</button></form>",
        Url("/sign-in"));
    return layout("Sign in", {}, nullptr,
                  Html("<section class=\"login\"><h1>Sign in</h1>{}{}</section>", notes, form));
}

Html message_page(const std::string& title, const std::string& text, const std::optional<Session>& session) {
    return layout(
        title, {}, session ? &*session : nullptr,
        Html("<section><h1>{}</h1><p>{}</p><p><a class=\"button\" href=\"{}\">Go on</a></p></section>", title,
             text, Url("/")));
}

}  // namespace riverlight::office
