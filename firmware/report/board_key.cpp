#include "firmware/report/board_key.hpp"

#include <filesystem>
#include <optional>

#include "content/base/error.hpp"
#include "content/base/files.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

/// What is at a path where a key should be.
struct Found {
    std::optional<SigningKey> key;
    bool is_rubbish = false;  ///< there is something, and it is no key
};

Found look(const std::string& path) {
    if (!fs::exists(path)) return {};
    if (!fs::is_regular_file(path)) return {.key = {}, .is_rubbish = true};
    try {
        static_cast<void>(read_file(path, 64U << 10));  // Error: the disk does not deliver it
    } catch (const ReadError&) {
        return {.key = {}, .is_rubbish = true};  // far too large
    }
    try {
        return {.key = SigningKey::load(path)};
    } catch (const KeyError& e) {
        if (e.kind == KeyFault::exposed) throw;
        return {.key = {}, .is_rubbish = true};
    } catch (const Error&) {
        return {.key = {}, .is_rubbish = true};
    }
}

void set_aside(const std::string& path, const std::string& as = ".unreadable-") {
    for (int n = 1;; ++n) {
        const auto aside = path + as + std::to_string(n);
        if (fs::exists(aside)) continue;
        fs::rename(path, aside);
        return;
    }
}

/// `found` becomes, or is, the file of `key`.
void restore(const std::string& path, const Found& found, const SigningKey& key) {
    if (found.key && found.key->public_hex() == key.public_hex()) return;
    if (found.is_rubbish || found.key) set_aside(path);
    key.save(path);
}

}  // namespace

BoardKey load_board_key(const std::string& path) {
    const auto copy_path = path + ".copy";
    auto main = look(path), copy = look(copy_path);
    const bool lost = !main.key && !copy.key && (main.is_rubbish || copy.is_rubbish);
    auto key = main.key   ? SigningKey::load(path)
               : copy.key ? SigningKey::load(copy_path)
                          : SigningKey::generate();
    restore(path, main, key);
    restore(copy_path, copy, key);
    return {std::move(key), lost};
}

BoardKey replace_board_key(const std::string& path) {
    // The copy first: what is left after a power cut is the whole old key, or none of it.
    for (const auto& file : {path + ".copy", path})
        if (fs::exists(file)) set_aside(file, ".given-up-");
    return load_board_key(path);
}

}  // namespace riverlight::firmware
