#include "content/http/gzip.hpp"

#include <zlib.h>

#include <array>
#include <cassert>

#include "content/base/error.hpp"

namespace riverlight::http {
namespace {

constexpr int gzip_window = 15 + 16;  // zlib's word for "largest window, gzip wrapper"

// zlib's interface is not const-correct; it does not write to its input.
Bytef* input_of(std::string_view bytes) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT
}

}  // namespace

std::string gzip(std::string_view bytes) {
    z_stream z{};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw Error("zlib has no memory to compress with");
    std::string out(deflateBound(&z, bytes.size()), '\0');
    z.next_in = input_of(bytes);
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const auto end = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    if (end != Z_STREAM_END) throw Error("zlib could not compress");
    return out;
}

std::string gunzip(std::string_view bytes, std::uint64_t cap) {
    z_stream z{};
    if (inflateInit2(&z, gzip_window) != Z_OK) throw Error("zlib has no memory to decompress with");
    std::string out;
    std::array<char, 16384> piece{};
    z.next_in = input_of(bytes);
    z.avail_in = static_cast<uInt>(bytes.size());
    int state = Z_OK;
    bool too_long = false;
    while (state == Z_OK && !too_long) {
        z.next_out = reinterpret_cast<Bytef*>(piece.data());
        z.avail_out = piece.size();
        state = inflate(&z, Z_NO_FLUSH);
        assert(z.avail_out <= piece.size());
        const auto made = piece.size() - z.avail_out;
        too_long = out.size() + made > cap;
        if (!too_long) out.append(piece.data(), made);
        if (state == Z_OK && made == 0 && z.avail_in == 0) state = Z_BUF_ERROR;
    }
    const auto left = z.avail_in;
    inflateEnd(&z);
    if (too_long) throw Error("gzip: holds more than " + std::to_string(cap) + " bytes");
    if (state != Z_STREAM_END) throw Error("gzip: is cut off or damaged");
    if (left != 0) throw Error("gzip: bytes follow its end");
    return out;
}

}  // namespace riverlight::http
