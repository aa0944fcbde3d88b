#include "content/base/file_pair.hpp"

#include <array>
#include <exception>
#include <filesystem>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"

namespace riverlight {
namespace {

namespace json = boost::json;

constexpr auto hash_key = "sha256";

/// What one of the two files holds.
struct Half {
    json::object value;
    bool hashed = false;         ///< and it has that hash
    bool absent = false;         ///< there is no such file
    std::exception_ptr fault{};  ///< null: it could be read
};

/// Sets `hashed` to whether the object came with a hash, which is right.
json::object read_any(const std::string& path, const JsonLimits& limits, bool& hashed) {
    auto value = parse_json(read_file(path, limits.bytes), path, limits);
    if (!value.is_object()) throw ReadError(ReadFault::wrong_type, path, "is not an object");
    auto object = std::move(value.get_object());
    const auto* hash = object.if_contains(hash_key);
    if (!hash) return object;
    const auto written = *hash;
    object.erase(hash_key);
    hashed = written == json::value(sha256_hex(tuf_canonical_json(object)));
    if (!hashed)
        throw ReadError(ReadFault::malformed, path,
                        "is not as it was written; the storage failed or was changed");
    return object;
}

Half read_half(const std::string& path, const JsonLimits& limits) {
    Half half;
    try {
        half.value = read_any(path, limits, half.hashed);
    } catch (const ReadError& e) {
        half.absent = e.kind == ReadFault::missing && e.where.file == path && e.where.key.empty();
        half.fault = std::current_exception();
    } catch (const Error&) {
        half.fault = std::current_exception();
    }
    return half;
}

/// Both files have the same text.
std::string text_of(json::object object) {
    const auto hash = sha256_hex(tuf_canonical_json(object));
    object[hash_key] = hash;
    return pretty_json(object);
}

bool holds(const std::string& path, const std::string& text) {
    try {
        return std::filesystem::is_regular_file(std::filesystem::symlink_status(path)) &&
               read_file(path, text.size()) == text;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

json::object read_hashed(const std::string& path, const JsonLimits& limits) {
    bool hashed = false;
    return read_any(path, limits, hashed);
}

void write_hashed(const std::string& path, const json::object& object) {
    make_way(path);
    write_file_atomically(path, text_of(object));
}

PairReading read_pair(const FilePair& paths, const JsonLimits& limits) {
    std::array halves{read_half(paths.first, limits), read_half(paths.second, limits)};
    PairReading reading;
    if (halves[0].absent && halves[1].absent) return reading;
    Half* best = nullptr;
    for (auto& half : halves)
        if (!half.fault && (!best || (half.hashed && !best->hashed))) best = &half;
    if (!best) std::rethrow_exception(halves[halves[0].absent ? 1 : 0].fault);
    for (std::size_t n = 0; n < halves.size(); ++n)
        if (best->hashed ? !halves[n].hashed : halves[n].fault && !halves[n].absent)
            reading.damaged.push_back(n == 0 ? paths.first : paths.second);
    reading.value = std::move(best->value);
    return reading;
}

bool write_pair(const FilePair& paths, const json::object& object) {
    const auto text = text_of(object);
    bool wrote = false;
    for (const auto& path : {paths.first, paths.second}) {
        if (holds(path, text)) continue;
        make_way(path);
        write_file_atomically(path, text);
        wrote = true;
    }
    return wrote;
}

}  // namespace riverlight
