#include "content/http/file_body.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "content/http/byte_range.hpp"

namespace riverlight::http {

FileBody open_file(Response& response, const WantedPart& wanted) {
    FileBody body{Fd(::open(response.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))};
    struct stat facts {};
    if (!body.file || ::fstat(body.file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        response = problem(404, "about:blank", "Not found", "there is nothing here under that name");
        return {};
    }
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    const auto etag = response.etag.empty() ? std::string{} : '"' + response.etag + '"';
    auto range = byte_range(wanted.range, size);
    if (range && !wanted.if_range.empty() && wanted.if_range != etag) range.reset();
    if (range && range->second < range->first) {
        response = problem(416, "about:blank", "Range not satisfiable", "the file ends before that");
        response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        return {};
    }
    body.offset = range ? range->first : 0;
    body.left = size == 0 ? 0 : (range ? range->second : size - 1) - body.offset + 1;
    if (range) {
        response.status = 206;
        response.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->first) + '-' +
                                                           std::to_string(range->second) + '/' +
                                                           std::to_string(size));
    }
    if (!etag.empty()) response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Accept-Ranges", "bytes");
    return body;
}

}  // namespace riverlight::http
