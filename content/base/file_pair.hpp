#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "content/base/json.hpp"

/// Small JSON files that a failing disk must not change unnoticed: each has the hash of what it holds, as the
/// member `sha256`. What a program cannot do without is kept twice.
namespace riverlight {

/// Reads the object that write_hashed() wrote; without the hash too, as earlier versions and people write it.
/// Throws ReadError: as read_file() and parse_json() do, and malformed if the hash is another one.
[[nodiscard]] boost::json::object read_hashed(const std::string& path, const JsonLimits& limits);
/// Writes `object` atomically, with its hash; replaces whatever else stands there. Throws DiskFault.
void write_hashed(const std::string& path, const boost::json::object& object);

/// Paths of the two files. `first` is written first, and counts where both are whole and differ.
struct FilePair {
    std::string first, second;
};

struct PairReading {
    std::optional<boost::json::object> value;  ///< none: neither file is there
    std::vector<std::string> damaged{};  ///< the file that is not as it was written, or gone; an earlier
                                         ///< version wrote only the first of some
};

/// Reads the object that write_pair() wrote, from whichever file has the hash that was written with it.
/// Files without a hash, of earlier versions, count if no other does. Throws the first file's Error if one
/// of them is there and neither can be read.
[[nodiscard]] PairReading read_pair(const FilePair& paths, const JsonLimits& limits);

/// Writes `object` to both files as write_hashed() does. Returns false, and writes nothing, if both hold it
/// already. Throws DiskFault.
bool write_pair(const FilePair& paths, const boost::json::object& object);

}  // namespace riverlight
