#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "content/base/json.hpp"

/// Small JSON files that a program cannot do without are kept twice, so that a failing disk does not take
/// them.
namespace riverlight {

/// Paths of the two files. `first` is written first, and counts where both are whole and differ.
struct Twins {
    std::string first, second;
};

struct TwinReading {
    std::optional<boost::json::object> value;  ///< none: neither file is there
    std::vector<std::string> damaged{};  ///< the file that is not as it was written, or gone; an earlier
                                         ///< version wrote only the first of some
};

/// Reads the object that write_twins() wrote, from whichever file has the hash that was written with it.
/// Files without a hash, of earlier versions, count if no other does. Throws the first file's Error if one
/// of them is there and neither can be read.
[[nodiscard]] TwinReading read_twins(const Twins& paths, const JsonLimits& limits);

/// Writes `object` to both files, each atomically, with its hash as the member `sha256`; replaces whatever
/// else stands there. Returns false, and writes nothing, if both hold it already. Throws DiskFault.
bool write_twins(const Twins& paths, const boost::json::object& object);

}  // namespace riverlight
