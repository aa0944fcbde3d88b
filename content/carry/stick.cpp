#include "content/carry/stick.hpp"

#include <cassert>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/channel/metadata.hpp"
#include "content/store/scrub.hpp"

namespace riverlight::content {

namespace fs = std::filesystem;

std::string url_of_folder(const std::string& folder) {
    return "file://" + percent_encoded(fs::absolute(folder).lexically_normal().string(), "/");
}

void require_stick(const std::string& stick) {
    std::error_code ec;
    if (fs::is_directory(stick, ec)) return;
    if (fs::exists(stick, ec))
        throw StickError(StickFault::a_file, stick,
                         "is a file. Archives and images are not supported: name the folder where the stick "
                         "is mounted");
    throw StickError(StickFault::absent, stick,
                     "does not exist; insert the stick, and name the folder where it is mounted");
}

void refuse_links(const std::string& stick, const std::string& path) {
    assert(path.starts_with(stick + '/'));
    for (auto end = stick.size(); end != std::string::npos;) {
        end = path.find('/', end + 1);
        const auto part = path.substr(0, end);
        std::error_code absent;
        if (!fs::is_symlink(fs::symlink_status(part, absent))) continue;
        throw StickError(StickFault::a_link, part,
                         "is a link. Links on a stick are not followed: put files and folders onto it");
    }
}

void write_and_read_back(const std::string& path, std::string_view bytes) {
    write_file_atomically(path, bytes);
    if (hash_on_disk(path) != sha256_hex(bytes))
        throw StickError(
            StickFault::unreliable, path,
            "the stick does not store what was written to it. It is broken or has less room than it "
            "claims: use another. Nothing was removed from it");
}

}  // namespace riverlight::content
