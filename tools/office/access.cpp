#include "tools/office/access.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::office {
namespace {

constexpr std::size_t longest_name = 64, longest_password = 1000;  // bytes

}  // namespace

std::optional<Session> Access::session(const http::Request& request, Instant now) {
    const auto token = request.cookie(cookie_name());
    if (token.size() != 64) return std::nullopt;
    const auto user = store_.users.session_user(sha256_hex(token), now);
    if (!user) return std::nullopt;
    return Session{*user, sha256_hex("riverlight form " + token).substr(0, 32)};
}

std::optional<std::string> Access::known_device(const std::string& user, const http::Request& request,
                                                Instant now) const {
    const auto token = request.cookie(device_cookie_name());
    if (token.size() != 64) return std::nullopt;
    auto hash = sha256_hex(token);
    if (!store_.users.knows_device(hash, user, now)) return std::nullopt;
    return hash;
}

Access::SignIn Access::sign_in(const Credentials& said, const http::Request& request, Instant now) {
    const auto& [user, password] = said;
    if (user.size() > longest_name || password.size() > longest_password) {
        by_remote_.failed(request.remote, now);
        return {};
    }
    const auto device = known_device(user, request, now);
    const auto wait = device ? by_device_.wait(*device, now)
                             : std::max(by_name_.wait(user, now), by_remote_.wait(request.remote, now));
    if (wait.count() > 0) return {{}, wait};
    static const auto nobody = hash_password(random_hex(16));
    const auto hash = store_.users.password_hash(user);
    if (!password_matches(password, hash.value_or(nobody)) || !hash) {
        if (device) {
            by_device_.failed(*device, now);
        } else {
            by_name_.failed(user, now);
            by_remote_.failed(request.remote, now);
        }
        return {};
    }
    if (device)
        by_device_.succeeded(*device);
    else
        by_name_.succeeded(user);
    return let_in(user, now);
}

Access::SignIn Access::let_in(const std::string& user, Instant now) {
    const auto session = random_hex(32), device = random_hex(32);
    store_.users.add_session(sha256_hex(session), user, now);
    store_.users.add_device(sha256_hex(device), user, now);
    return {{cookie(cookie_name(), session, std::chrono::days(7)),
             cookie(device_cookie_name(), device, UserStore::device_known_for)},
            {}};
}

std::string Access::sign_out(const http::Request& request) {
    if (const auto token = request.cookie(cookie_name()); !token.empty())
        store_.users.end_session(sha256_hex(token));
    return cookie(cookie_name(), "", std::chrono::seconds(0));
}

std::string Access::cookie(const std::string& name, const std::string& value,
                           std::chrono::seconds age) const {
    return name + '=' + value + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(age.count()) +
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
        !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
                   c == '@';
        });
    if (!plain)
        throw Error("user '" + name + "': a name has lower-case letters, digits and . - _ @, at most 64");
    if (password.size() < 8 || password.size() > longest_password)
        throw Error("the password for '" + name + "' must have at least 8 characters");
    store.users.set_password(name, hash_password(password));
}

}  // namespace riverlight::office
