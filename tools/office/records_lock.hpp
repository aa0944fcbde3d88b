#pragma once
#include <string>

#include "content/base/files.hpp"

/// Whoever writes an office's records shares them; whoever moves or restores them needs them alone, so that
/// nothing is receipted that is not in what comes after.
namespace riverlight::office {

class Database;

/// A lock on an office's state folder, until it goes or the process ends. Any thread.
class RecordsLock {
  public:
    /// Beside all others who share it. Throws Error that names the folder if somebody has it alone, or if it
    /// cannot be opened.
    [[nodiscard]] static RecordsLock shared(const std::string& folder);
    /// Throws Error that names the folder if an office serves from it, or a command writes its records.
    [[nodiscard]] static RecordsLock sole(const std::string& folder);

  private:
    explicit RecordsLock(Fd folder) : folder_(std::move(folder)) {}
    Fd folder_;
};

/// The same of a database of a server, which offices on other machines may use: nobody else writes it until
/// `db`, which was opened to write, is closed. Throws Error that names it if somebody does. A file needs no
/// more than its folder's lock.
void take_sole_use(Database& db);

}  // namespace riverlight::office
