#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "content/http/message.hpp"
#include "tools/office/store.hpp"

/// Who may see the pages: sign-in with a password (Argon2id), a same-site cookie, a token in every form.
namespace riverlight::office {

struct Session {
    std::string user;
    std::string form_token;  ///< every POST carries it as `form_token`; useless without the cookie
    /// Its use is to be recorded under this hash (UserStore::record_use); empty: it was just now.
    std::string unrecorded{};
};

/// From any thread. `records` are read; what a sign-in changes is written by whoever writes.
class Access {
  public:
    /// `secure` marks the cookie for HTTPS alone: set it if a TLS proxy forwards requests to the office.
    explicit Access(bool secure) : secure_(secure) {}

    /// The session of the request's cookie.
    [[nodiscard]] std::optional<Session> session(const OfficeStore& records, const http::Request& request,
                                                 Instant now) const;
    struct SignIn {
        std::vector<std::string> cookies;  ///< values of Set-Cookie: session and device; empty: refused
        std::chrono::seconds wait{};       ///< not before this
        /// What counts against whoever tried, or makes the cookies good. Empty: nothing.
        std::function<void(OfficeStore& store)> write{};
    };
    struct Credentials {
        std::string user, password;
    };
    /// Signs a person in from a device. A device from which a user signed in before carries a cookie that
    /// says so: only its own wrong passwords, five in five minutes, slow it down, so that strangers lock
    /// nobody out. From other devices five wrong passwords for a name, or thirty from an address, do. Takes
    /// the same time whether the name exists or not: that of a password's hash, 64 MiB and a tenth of a
    /// second. Nothing is kept of a name that is too long to be one.
    [[nodiscard]] SignIn sign_in(const OfficeStore& records, const Credentials& said,
                                 const http::Request& request, Instant now) const;
    /// The value of Set-Cookie that takes the session's cookie back.
    [[nodiscard]] std::string no_cookie() const;
    /// Ends the request's session.
    void sign_out(OfficeStore& store, const http::Request& request) const;
    /// True if the request names no other site as its origin.
    [[nodiscard]] static bool is_same_origin(const http::Request& request);
    /// True if a page of ours made the form for this session and sent it.
    [[nodiscard]] static bool is_own_form(const http::Request& request, const Session& session);
    /// Adds a user; throws Error for a bad name or a password under 8 characters.
    static void set_user(OfficeStore& store, const std::string& name, const std::string& password);

  private:
    [[nodiscard]] std::string cookie_name() const { return secure_ ? "__Host-riverlight" : "riverlight"; }
    [[nodiscard]] std::string device_cookie_name() const { return cookie_name() + "-device"; }
    [[nodiscard]] std::string cookie(const std::string& name, const std::string& value,
                                     std::chrono::seconds age) const;
    /// The hash of the request's device cookie, if that device is known of the user.
    [[nodiscard]] std::optional<std::string> known_device(const OfficeStore& records, const std::string& user,
                                                          const http::Request& request, Instant now) const;
    [[nodiscard]] SignIn let_in(const std::string& user, const std::optional<std::string>& from_device,
                                Instant now) const;

    bool secure_;
};

}  // namespace riverlight::office
