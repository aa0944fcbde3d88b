#include "tools/office/access.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::office {
namespace {

constexpr std::size_t longest_name = 64, longest_password = 1000;  // bytes

}  // namespace

std::optional<Session> Access::session(const OfficeStore& records, const http::Request& request,
                                       Instant now) const {
    const auto token = request.cookie(cookie_name());
    if (token.size() != 64) return std::nullopt;
    auto hash = sha256_hex(token);
    const auto row = records.users.session(hash, now);
    if (!row) return std::nullopt;
    return Session{row->user, sha256_hex("riverlight form " + token).substr(0, 32),
                   row->was_used_just_now ? std::string() : std::move(hash)};
}

std::optional<std::string> Access::known_device(const OfficeStore& records, const std::string& user,
                                                const http::Request& request, Instant now) const {
    const auto token = request.cookie(device_cookie_name());
    if (token.size() != 64) return std::nullopt;
    auto hash = sha256_hex(token);
    if (!records.users.knows_device(hash, user, now)) return std::nullopt;
    return hash;
}

Access::SignIn Access::sign_in(const OfficeStore& records, const Credentials& said,
                               const http::Request& request, Instant now) const {
    const auto& [user, password] = said;
    const auto& failures = records.failures;
    if (user.size() > longest_name || password.size() > longest_password)
        return {{}, {}, [remote = request.remote, now](OfficeStore& store) {
                    store.failures.add(Guesser::address, remote, now);
                }};
    const auto device = known_device(records, user, request, now);
    const auto too_early = device ? failures.wait(Guesser::known_device, *device, now)
                                  : std::max(failures.wait(Guesser::user_name, user, now),
                                             failures.wait(Guesser::address, request.remote, now));
    if (too_early.count() > 0) return {{}, too_early, {}};
    static const auto nobody = hash_password(random_hex(16));
    const auto hash = records.users.password_hash(user);
    const bool is_right = password_matches(password, hash.value_or(nobody)) && hash;
    if (is_right) return let_in(user, device, now);
    return {{}, {}, [device, user = user, remote = request.remote, now](OfficeStore& store) {
                if (device) return store.failures.add(Guesser::known_device, *device, now);
                store.failures.add(Guesser::user_name, user, now);
                store.failures.add(Guesser::address, remote, now);
            }};
}

Access::SignIn Access::let_in(const std::string& user, const std::optional<std::string>& from_device,
                              Instant now) const {
    const auto session = random_hex(32), device = random_hex(32);
    return {{cookie(cookie_name(), session, std::chrono::days(7)),
             cookie(device_cookie_name(), device, UserStore::device_known_for)},
            {},
            [session = sha256_hex(session), device = sha256_hex(device), user, from_device,
             now](OfficeStore& store) {
                if (from_device)
                    store.failures.forget(Guesser::known_device, *from_device);
                else
                    store.failures.forget(Guesser::user_name, user);
                store.users.add_session(session, user, now);
                store.users.add_device(device, user, now);
            }};
}

std::string Access::no_cookie() const {
    return cookie(cookie_name(), "", std::chrono::seconds(0));
}

void Access::sign_out(OfficeStore& store, const http::Request& request) const {
    if (const auto token = request.cookie(cookie_name()); !token.empty())
        store.users.end_session(sha256_hex(token));
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
