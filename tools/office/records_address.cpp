#include "tools/office/records_address.hpp"

#include <filesystem>
#include <utility>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "content/base/plain_text.hpp"
#include "content/base/toml.hpp"

namespace riverlight::office {
namespace {

constexpr std::size_t longest_settings = 64U << 10;

bool is_server(const std::string& text) {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

std::string settings_in(const std::string& folder) {
    return folder + "/office.toml";
}

bool others_read(const std::string& path) {
    using std::filesystem::perms;
    return (std::filesystem::status(path).permissions() & perms::others_read) != perms::none;
}

}  // namespace

RecordsAddress RecordsAddress::file(std::string path) {
    return {DatabaseKind::sqlite, std::move(path)};
}

RecordsAddress RecordsAddress::server(std::string uri) {
    if (!is_server(uri))
        throw Error("is no address of a PostgreSQL database: write postgresql://HOST/DATABASE");
    if (!is_plain_text(uri)) throw Error("holds a control character, or is not UTF-8");
    return {DatabaseKind::postgresql, std::move(uri)};
}

RecordsAddress RecordsAddress::in_folder(const std::string& folder) {
    const auto path = settings_in(folder);
    if (!std::filesystem::exists(path)) return file(folder + "/office.db");
    const auto settings = parse_toml(read_file(path, longest_settings), path).as_object();
    for (const auto& [key, value] : settings)
        if (key != "database" || !value.is_string())
            throw Error(path + ": " + std::string(key) +
                        ": is not read here; the file may say database = \"postgresql://HOST/DATABASE\"");
    if (settings.empty()) return file(folder + "/office.db");
    try {
        auto address = server(std::string(settings.at("database").as_string()));
        if (address.shown() != address.text() && others_read(path))
            throw Error("holds a password that every user of this machine may read: chmod o= " + path);
        return address;
    } catch (const Error& e) {
        throw Error(path + ": database " + e.what());
    }
}

void RecordsAddress::set_in_folder(const std::string& folder) const {
    const auto path = settings_in(folder);
    std::string text;
    if (std::filesystem::exists(path)) text = read_file(path, longest_settings);
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += "database = \"";
    for (const char c : text_) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    write_file_atomically(path, text + "\"\n", 0600);
}

/// Between the user's name and the host, or as a parameter.
std::string RecordsAddress::shown() const {
    auto out = text_;
    if (kind_ == DatabaseKind::sqlite) return out;
    const auto begin = out.find("://") + 3;
    const auto end = std::min(out.find_first_of("/?", begin), out.size());
    const auto at = out.rfind('@', end);
    const auto colon = out.find(':', begin);
    if (at != std::string::npos && at > begin && colon < at) out.erase(colon, at - colon);
    for (const std::string name : {"password=", "sslpassword="})
        for (auto from = out.find(name); from != std::string::npos; from = out.find(name, from + 1)) {
            from += name.size();
            out.erase(from, std::min(out.find('&', from), out.size()) - from);
        }
    return out;
}

}  // namespace riverlight::office
