#pragma once
#include <cstdint>
#include <string>

#include "content/base/files.hpp"
#include "content/http/message.hpp"

namespace riverlight::http {

/// The part of a file that is still to be sent.
struct FileBody {
    Fd file;  ///< none: the answer has no file, or not any more
    std::uint64_t offset = 0, left = 0;
    std::string piece{};  ///< on its way
};

/// What a request says of the part that it wants.
struct WantedPart {
    std::string range, if_range;  ///< the headers; empty: absent
};

/// Opens `response.file` and completes the answer's head (RFC 9110, 14). Where there is no such file, or not
/// that part of it, `response` becomes the problem that says so, and nothing is open.
[[nodiscard]] FileBody open_file(Response& response, const WantedPart& wanted);

}  // namespace riverlight::http
