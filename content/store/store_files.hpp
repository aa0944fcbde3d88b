#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/store/layout.hpp"

/// The files of a store, whatever a failing disk has done to them. Facts are kept twice, in `targets/` and in
/// `copies/`; media once, and damaged ones in `damaged/` until they come again.
namespace riverlight::content {

/// Makes the store's folders. What stands in place of one, a file or a link to nowhere, is removed. Throws
/// DiskFault.
void make_store_folders(const StoreLayout& layout);

/// The bytes of a fact, from whichever of its files has this hash; nothing if neither has. Appends to
/// `damaged` the paths of those that have not, unless that is null.
[[nodiscard]] std::optional<std::string> find_fact(const StoreLayout& layout, const std::string& sha256,
                                                   std::vector<std::string>* damaged = nullptr);
/// Whether both files are there, by their size.
[[nodiscard]] bool is_kept_twice(const StoreLayout& layout, const std::string& sha256, std::uint64_t bytes);
/// Keeps a fact in each of its two files that has not these bytes already. Throws DiskFault.
void keep_fact(const StoreLayout& layout, const std::string& sha256, const std::string& bytes);

/// Whether a media file is there, as a regular file of this size.
[[nodiscard]] bool has_media(const StoreLayout& layout, const std::string& name, std::uint64_t bytes);
/// Moves a media file whose bytes are wrong aside, so that nothing plays it: the fault may be the reading's.
/// Throws DiskFault.
void set_media_aside(const StoreLayout& layout, const std::string& name);
/// Moves it back if its bytes are right after all; false if there is none, or they are not. Reads all of it.
/// Throws DiskFault.
[[nodiscard]] bool take_media_back(const StoreLayout& layout, const std::string& name);
/// Removes a media file that was set aside, since it has come again, or the store needs its room.
void forget_media_aside(const StoreLayout& layout, const std::string& name);

}  // namespace riverlight::content
