#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "content/html/html.hpp"

/// The layout and style that the office, a board's status page and the quality report share.
namespace riverlight::html {

/// Parts of a page that the browser fetches again: elements with an id and `data-live`, which say from where.
/// Pictures with `data-src` are fetched every second.
struct Refresh {
    std::chrono::milliseconds every{};
    std::string lost;  ///< shown while the server does not answer
};

struct Page {
    std::string title;  ///< in the browser's tab
    std::string name;   ///< in the header: of the office, the board
    Html header;        ///< after the name: links, who is signed in
    Html content;       ///< of <main>
    std::optional<Refresh> refresh;
};

/// A page whose style sheet, script and icon are served beside it (see files()).
[[nodiscard]] Html served_page(const Page& page);
/// A page that needs nothing beside it: its style is inside, allowed by its hash; it has no script and does
/// not refresh.
[[nodiscard]] Html standalone_page(const Page& page);

/// A file that served pages link to. Its path holds a hash of its bytes, so it may be cached for ever.
struct File {
    std::string path;  ///< `/style.0123456789abcdef.css`
    std::string_view type, bytes;
};
/// Style sheet, script and icon. Safe on any thread.
[[nodiscard]] std::span<const File> files();
/// The file with that path; null: there is none.
[[nodiscard]] const File* file_at(std::string_view path);

/// The Cache-Control of such a file.
constexpr std::string_view file_cache_control = "public, max-age=31536000, immutable";
/// The Content-Security-Policy of served pages: no script or style in the page, nothing from elsewhere.
constexpr std::string_view content_security_policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

}  // namespace riverlight::html
