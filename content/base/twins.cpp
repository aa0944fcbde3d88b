#include "content/base/twins.hpp"

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

Half read_half(const std::string& path, const JsonLimits& limits) {
    Half half;
    try {
        auto value = parse_json(read_file(path, limits.bytes), path, limits);
        if (!value.is_object()) throw ReadError(ReadFault::wrong_type, path, "is not an object");
        half.value = std::move(value.get_object());
        const auto* hash = half.value.if_contains(hash_key);
        if (!hash) return half;
        const auto written = *hash;
        half.value.erase(hash_key);
        half.hashed = written == json::value(sha256_hex(tuf_canonical_json(half.value)));
        if (!half.hashed)
            throw ReadError(ReadFault::malformed, path,
                            "is not as it was written; the storage failed or was changed");
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
    auto hash = sha256_hex(tuf_canonical_json(object));
    object[hash_key] = std::move(hash);
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

TwinReading read_twins(const Twins& paths, const JsonLimits& limits) {
    std::array halves{read_half(paths.first, limits), read_half(paths.second, limits)};
    TwinReading reading;
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

bool write_twins(const Twins& paths, const json::object& object) {
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
