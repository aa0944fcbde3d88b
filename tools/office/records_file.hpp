#pragma once
#include <string>

/// Files of SQLite that hold an office's records, as a whole: each with what stands beside it.
namespace riverlight::office {

/// Puts all that is committed into the one file, so that nothing beside it belongs to it any more. Nobody has
/// the file open. Throws Error that names it.
void settle_file(const std::string& path);

/// The same of a file that an office is to serve from, as it leaves one itself.
void settle_served_file(const std::string& path);

/// Makes sure that a file that is closed is on disk, and belongs to whoever owns its folder: a command of
/// root's may have made it. Throws Error that names it.
void finish_file(const std::string& path);

/// Makes sure that a file that is closed is on disk. Throws Error that names it.
void sync_file(const std::string& path);

/// Renames a settled file over another one, durably. Throws Error that names it.
void replace_file(const std::string& from, const std::string& to);

/// Renames a settled file, durably. Throws Error that names it if `to` is there, or it fails.
void rename_file(const std::string& from, const std::string& to);

/// Removes a file that a command left unfinished, with what stands beside it.
void remove_file(const std::string& path);

/// Now, as a part of a name: `20261130T141500Z`.
[[nodiscard]] std::string time_for_names();

/// `path.WORDS-20261130T141500Z`, which is not there: to keep something under.
[[nodiscard]] std::string name_beside(const std::string& path, const std::string& words);

}  // namespace riverlight::office
