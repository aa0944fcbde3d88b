#pragma once
#include <string>

namespace riverlight::office {

/// Which database keeps the office's records.
enum class DatabaseKind { sqlite, postgresql };

/// Where the office's records are: a file, or a database of a PostgreSQL server.
class RecordsAddress {
  public:
    /// A file of SQLite.
    [[nodiscard]] static RecordsAddress file(std::string path);
    /// `postgresql://…`, as libpq reads it. Throws Error for anything else.
    [[nodiscard]] static RecordsAddress server(std::string uri);
    /// That of an office with this state folder: what `database` in its `office.toml` says, else its
    /// `office.db`. Throws Error that names the file if it cannot be read, or if it holds a password and is
    /// open to every user.
    [[nodiscard]] static RecordsAddress in_folder(const std::string& folder);
    /// From now on it is this server for that folder: `office.toml` says so, for its owner alone. What else
    /// the file says stays. Throws DiskFault: it is as it was.
    void set_in_folder(const std::string& folder) const;

    [[nodiscard]] DatabaseKind kind() const { return kind_; }
    /// The file's path, or the server's URI.
    [[nodiscard]] const std::string& text() const { return text_; }
    /// The same for people: without a password.
    [[nodiscard]] std::string shown() const;

  private:
    RecordsAddress(DatabaseKind kind, std::string text) : kind_(kind), text_(std::move(text)) {}
    DatabaseKind kind_;
    std::string text_;
};

}  // namespace riverlight::office
