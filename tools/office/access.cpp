#include "tools/office/access.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::office {

std::optional<Session> Access::session(const http::Request& request, Instant now) {
    const auto token = request.cookie(cookie_name());
    if (token.size() != 64) return std::nullopt;
    const auto user = store_.users.session_user(sha256_hex(token), now);
    if (!user) return std::nullopt;
    return Session{*user, sha256_hex("riverlight form " + token).substr(0, 32)};
}

Access::SignIn Access::sign_in(const std::string& user, const std::string& password,
                               const std::string& remote, Instant now) {
    if (const auto wait = std::max(by_name_.wait(user, now), by_remote_.wait(remote, now)); wait.count() > 0)
        return {"", wait};
    static const auto nobody = hash_password(random_hex(16));
    const auto hash = store_.users.password_hash(user);
    if (!password_matches(password, hash.value_or(nobody)) || !hash) {
        by_name_.failed(user, now);
        by_remote_.failed(remote, now);
        return {};
    }
    by_name_.succeeded(user);
    const auto token = random_hex(32);
    store_.users.add_session(sha256_hex(token), user, now);
    return {cookie(token, "604800"), {}};
}

std::string Access::sign_out(const http::Request& request) {
    if (const auto token = request.cookie(cookie_name()); !token.empty())
        store_.users.end_session(sha256_hex(token));
    return cookie("", "0");
}

std::string Access::cookie(const std::string& value, const std::string& age) const {
    return cookie_name() + '=' + value + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + age +
           (secure_ ? "; Secure" : "");
}

bool Access::is_same_origin(const http::Request& request) {
    const auto origin = request.header("origin");
    return origin.empty() || origin == "http://" + request.host || origin == "https://" + request.host;
}

bool Access::is_own_form(const http::Request& request, const Session& session) {
    if (!is_same_origin(request)) return false;
    const auto form = request.form();
    const auto token = form.find("form_token");
    return token != form.end() && same_secret(token->second, session.form_token);
}

void Access::set_user(OfficeStore& store, const std::string& name, const std::string& password) {
    const bool plain =
        !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
                   c == '@';
        });
    if (!plain)
        throw Error("user '" + name + "': a name has lower-case letters, digits and . - _ @, at most 64");
    if (password.size() < 8 || password.size() > 1000)
        throw Error("the password for '" + name + "' must have at least 8 characters");
    store.users.set_password(name, hash_password(password));
}

}  // namespace riverlight::office
