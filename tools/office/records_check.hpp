#pragma once
#include <cstdint>
#include <string>
#include <vector>

/// Whether an office's records are whole.
namespace riverlight::office {

/// What is wrong.
enum class CheckFault : std::uint8_t {
    format,     ///< an older or newer office's: nothing else was checked
    damaged,    ///< the database says that its file or an index is
    record,     ///< one is missing, or not as its board wrote it
    list,       ///< the list of records is not the one that was signed
    sum,        ///< a sum of a day is not what its records give
    count,      ///< a count of airings is not how many there are
    reference,  ///< a row names another one that is not there
};
struct CheckFinding {
    CheckFault fault = CheckFault::damaged;
    std::string where;  ///< table, place and day, or board and epoch
    std::string what;   ///< for people
};
struct CheckReport {
    std::vector<CheckFinding> findings;    ///< empty: all is well
    std::vector<std::string> not_checked;  ///< and why
};

/// Reads all records of the office with this state folder as they are at one moment; the office may serve.
/// Memory does not grow with the records. Throws Error if they cannot be read at all.
[[nodiscard]] CheckReport check_records(const std::string& folder);

}  // namespace riverlight::office
