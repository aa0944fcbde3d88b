#pragma once
#include <optional>
#include <string>

#include "content/http/server.hpp"
#include "tools/office/limiter.hpp"
#include "tools/office/store.hpp"

/// Who may see the pages: sign-in with a password (Argon2id), a same-site cookie, a token in every form.
namespace riverlight::office {

struct Session {
    std::string user;
    std::string form_token;  ///< every POST carries it as `form_token`; useless without the cookie
};

class Access {
  public:
    /// `secure` marks the cookie for HTTPS alone: set it if a TLS proxy forwards requests to the office.
    Access(OfficeStore& store, bool secure) : store_(store), secure_(secure) {}

    /// The session of the request's cookie.
    [[nodiscard]] std::optional<Session> session(const http::Request& request, Instant now);
    struct SignIn {
        std::string cookie;           ///< value of Set-Cookie; empty: refused
        std::chrono::seconds wait{};  ///< not before this
    };
    /// Limits sign-ins after five wrong passwords for a name, or thirty from an address, in five minutes.
    /// Takes the same time whether the name exists or not.
    [[nodiscard]] SignIn sign_in(const std::string& user, const std::string& password,
                                 const std::string& remote, Instant now);
    /// Ends the session; the value of Set-Cookie that takes the cookie back.
    [[nodiscard]] std::string sign_out(const http::Request& request);
    /// True if the request names no other site as its origin.
    [[nodiscard]] static bool is_same_origin(const http::Request& request);
    /// True if a page of ours made the form for this session and sent it.
    [[nodiscard]] static bool is_own_form(const http::Request& request, const Session& session);
    /// Adds a user; throws Error for a bad name or a password under 8 characters.
    static void set_user(OfficeStore& store, const std::string& name, const std::string& password);

  private:
    [[nodiscard]] std::string cookie_name() const { return secure_ ? "__Host-riverlight" : "riverlight"; }
    [[nodiscard]] std::string cookie(const std::string& value, const std::string& age) const;

    OfficeStore& store_;
    bool secure_;
    Limiter by_name_{5, std::chrono::minutes(5)}, by_remote_{30, std::chrono::minutes(5)};
};

}  // namespace riverlight::office
