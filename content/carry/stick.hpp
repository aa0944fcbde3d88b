#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

/// Where the files on a stick are. Anybody may have written to a stick: a board opens only files by the names
/// below, never through links, and never lists folders.
namespace riverlight::content {

/// Why a stick cannot be used.
enum class StickFault : std::uint8_t {
    absent,      ///< there is no folder of this name
    a_file,      ///< an archive or an image in place of the folder where a stick is mounted
    unreliable,  ///< it does not store what is written to it
    a_link,      ///< a link on the stick, which could lead anywhere on this machine
};
using StickError = Refused<StickFault>;

struct StickLayout {
    std::string stick;  ///< where it is mounted
    [[nodiscard]] std::string folder() const { return stick + "/riverlight"; }
    /// The channel's tree (`metadata/`, `targets/`), byte for byte.
    [[nodiscard]] std::string channel() const { return folder(); }
    [[nodiscard]] std::string staging() const { return folder() + "/staging"; }
    /// `<first>.json.gz`, signed batches of one board's journal (content/airing/record.hpp).
    [[nodiscard]] std::string journals() const { return folder() + "/journals"; }
    [[nodiscard]] std::string journals(const std::string& board, const std::string& epoch) const {
        return journals() + '/' + board + '/' + epoch;
    }
    /// The office's receipt for an epoch.
    [[nodiscard]] std::string receipt(const std::string& board, const std::string& epoch) const {
        return folder() + "/receipts/" + board + '/' + epoch + ".json";
    }
};

/// A folder as a URL: `/media/a b` → `file:///media/a%20b`.
[[nodiscard]] std::string url_of_folder(const std::string& folder);

/// Throws StickError unless `stick` is a folder. The message is for the person with the stick.
void require_stick(const std::string& stick);

/// Throws StickError if a part of `path` below `stick` is a link: whoever made the stick could have the board
/// read or overwrite its own files. What does not exist yet is no link.
void refuse_links(const std::string& stick, const std::string& path);

/// Writes `bytes` to `path` durably and reads them back from the medium, since a counterfeit stick that
/// claims more room than it has loses what is beyond. Throws StickError if the bytes differ; the former file
/// may be lost then.
void write_and_read_back(const std::string& path, std::string_view bytes);

}  // namespace riverlight::content
