#pragma once
#include <string>
#include <string_view>

/// What lies where on a stick. Whoever finds one may have written anything to it: only files by names worked
/// out here are opened, folders are never walked on a board.
namespace riverlight::content {

struct StickLayout {
    std::string stick;  ///< where it is mounted
    [[nodiscard]] std::string folder() const { return stick + "/riverlight"; }
    /// A channel's tree (`metadata/`, `targets/`), byte for byte that of the channel itself.
    [[nodiscard]] std::string channel() const { return folder(); }
    [[nodiscard]] std::string staging() const { return folder() + "/staging"; }
    /// `<first>.json.gz`, signed batches of one board's journal (content/airing/record.hpp).
    [[nodiscard]] std::string journals() const { return folder() + "/journals"; }
    [[nodiscard]] std::string journals(const std::string& board, const std::string& epoch) const {
        return journals() + '/' + board + '/' + epoch;
    }
    /// The office's receipt for that epoch.
    [[nodiscard]] std::string receipt(const std::string& board, const std::string& epoch) const {
        return folder() + "/receipts/" + board + '/' + epoch + ".json";
    }
};

/// `file:///media/a%20b`: a folder as an address.
[[nodiscard]] std::string url_of_folder(const std::string& folder);

/// Throws Error, in words for whoever holds the stick, unless `stick` is a folder.
void require_stick(const std::string& stick);

/// Puts `bytes` under `path`, makes them durable, and reads them back from the medium itself: a stick that
/// claims more room than it has keeps nothing of what is beyond. Throws Error where they are not what was
/// written; what stood there before may be gone then.
void write_and_read_back(const std::string& path, std::string_view bytes);

}  // namespace riverlight::content
