#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::office {

class Database;

/// Who may sign in, and who has.
class UserStore {
  public:
    explicit UserStore(Database& db) : db_(db) {}

    /// Adds a user or sets a new password, hashed by hash_password(); the user's sessions end, and no device
    /// is known.
    void set_password(const std::string& user, const std::string& password_hash);
    /// Nothing: there is no such user.
    [[nodiscard]] std::optional<std::string> password_hash(const std::string& user) const;
    [[nodiscard]] bool has_users() const;

    void add_session(const std::string& token_hash, const std::string& user, Instant now);
    struct SessionRow {
        std::string user;
        bool was_used_just_now = false;  ///< its last recorded use is less than a minute ago
    };
    /// A session that is at most 7 days old and was used in the last 12 hours.
    [[nodiscard]] std::optional<SessionRow> session(const std::string& token_hash, Instant now) const;
    void record_use(const std::string& token_hash, Instant now);
    void end_session(const std::string& token_hash);

    /// So long a device is known from which a user signed in.
    static constexpr std::chrono::days device_known_for{365};
    void add_device(const std::string& token_hash, const std::string& user, Instant now);
    [[nodiscard]] bool knows_device(const std::string& token_hash, const std::string& user,
                                    Instant now) const;

  private:
    Database& db_;
};

}  // namespace riverlight::office
