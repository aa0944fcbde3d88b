#include "tools/publisher/clear.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "content/base/files.hpp"
#include "content/base/instant.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/base/toml_parser.hpp"
#include "content/segment/country_json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t facts_cap = 8U << 20;

/// A [[clearances]] block of the text: its lines, counted from 0, and its content.
struct ClearanceBlock {
    std::size_t first = 0, last = 0;  ///< [first, last)
    std::size_t locales_first = 0, locales_last = 0;
    std::string segment, from, until;
    std::int64_t revision = 0;
    std::vector<std::string> locales;
};

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += line + '\n';
    return out;
}

std::string quoted_list(const std::vector<std::string>& all) {
    std::string out = "[";
    for (const auto& one : all) out += (out.size() > 1 ? ", \"" : "\"") + one + '"';
    return out + "]";
}

std::string date_text(const toml::node_view<const toml::node>& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    std::ostringstream out;
    if (const auto date = node.value<toml::date>()) out << *date;
    return out.str();
}

ClearanceBlock read_block(const toml::table& table, const std::string& what) {
    const auto* locales = table["locales"].as_array();
    if (!locales)
        throw Error(what + ": line " + std::to_string(table.source().begin.line) +
                    ": a clearance without locales; name at least one");
    ClearanceBlock b;
    b.first = table.source().begin.line - 1;
    b.locales_first = locales->source().begin.line - 1;
    b.locales_last = locales->source().end.line;
    b.segment = table["segment"].value_or(std::string{});
    b.revision = table["revision"].value_or(std::int64_t{0});
    b.from = date_text(table["from"]);
    b.until = date_text(table["until"]);
    for (const auto& one : *locales) b.locales.push_back(one.value_or(std::string{}));
    return b;
}

toml::table parse(const std::string& text, const std::string& what) {
    try {
        return toml::parse(text, what);
    } catch (const toml::parse_error& e) {
        throw Error(what + ": line " + std::to_string(e.source().begin.line) + ": " +
                    std::string(e.description()));
    }
}

std::vector<ClearanceBlock> blocks_of(const std::string& text, const std::vector<std::string>& lines,
                                      const std::string& what) {
    std::vector<ClearanceBlock> out;
    const auto table = parse(text, what);
    const auto* all = table["clearances"].as_array();
    if (!all) return out;
    for (const auto& one : *all) {
        const auto* t = one.as_table();
        if (!t || t->is_inline())
            throw Error(what +
                        ": the command cannot edit clearances written as an inline array; write each as "
                        "[[clearances]] with its keys below");
        out.push_back(read_block(*t, what));
    }
    for (auto& b : out) {  // a block ends at the next table, whose comments are above it, or at the end
        b.last = b.first + 1;
        while (b.last < lines.size() && !lines[b.last].starts_with('[')) ++b.last;
        while (b.last < lines.size() && b.last > b.locales_last && lines[b.last - 1].starts_with('#'))
            --b.last;
    }
    return out;
}

void set_locales(std::vector<std::string>& lines, const ClearanceBlock& b,
                 const std::vector<std::string>& locales) {
    const auto at = lines.begin() + static_cast<std::ptrdiff_t>(b.locales_first);
    *at = "locales = " + quoted_list(locales);
    lines.erase(at + 1, lines.begin() + static_cast<std::ptrdiff_t>(b.locales_last));
}

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

void check(const ClearanceEdit& edit, const std::string& what) {
    if (!content::is_id(edit.segment)) throw Error(what + ": '" + edit.segment + "' is not a segment's id");
    for (const auto& locale : edit.locales)
        if (!content::is_language(locale))
            throw Error(what + ": '" + locale + "' is not a BCP 47 tag, such as km or zh-Hans");
    for (const auto& date : {edit.from, edit.until})
        if (!date.empty() && !date_from_iso(date))
            throw Error(what + ": '" + date + "' is not a date, YYYY-MM-DD");
}

/// The manifest of a segment in the source; nothing if the source lacks it.
std::optional<content::Manifest> manifest_of(const std::string& source, const std::string& id) {
    const auto path = source + "/segments/" + id + "/segment.json";
    if (!fs::exists(path)) return {};
    return content::parse_manifest(read_file(path, facts_cap), path);
}

std::string names_of(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
    return out;
}

/// Fills in the segment's revision if the edit has none. Throws Error for locales that the segment lacks.
void complete(ClearanceEdit& edit, const std::string& source) {
    const auto manifest = manifest_of(source, edit.segment);
    if (!manifest && !edit.revision)
        throw ReadError(
            ReadFault::unresolved, source + "/segments/" + edit.segment,
            "there is no such segment in the source; correct the id, or pass --revision to clear a "
            "future segment");
    if (!edit.revision) edit.revision = manifest->revision;
    if (!manifest || manifest->revision != *edit.revision) return;
    std::vector<std::string_view> known;
    for (const auto& [locale, unused] : manifest->locales) known.emplace_back(locale);
    for (const auto& locale : edit.locales)
        if (!manifest->locales.contains(locale))
            throw ReadError(ReadFault::unresolved, Where(edit.segment, "segment '" + edit.segment + '\''),
                            "is not made in " + locale, nearest_name(locale, known));
}

}  // namespace

std::string add_clearance(const std::string& toml, const ClearanceEdit& edit, const std::string& what) {
    check(edit, what);
    if (edit.locales.empty() || !edit.revision)
        throw Error(what + ": name at least one locale and the revision");
    auto lines = split(toml);
    for (const auto& b : blocks_of(toml, lines, what)) {
        if (b.segment != edit.segment || b.revision != *edit.revision || b.from != edit.from ||
            b.until != edit.until)
            continue;
        auto locales = b.locales;
        for (const auto& locale : edit.locales)
            if (!has(locales, locale)) locales.push_back(locale);
        if (locales == b.locales)
            throw ReadError(ReadFault::duplicate, Where(what).in("clearances." + edit.segment, {}),
                            "is already cleared");
        set_locales(lines, b, locales);
        return joined(lines);
    }
    // TOML does not allow both `clearances = []` and [[clearances]].
    if (parse(toml, what)["clearances"].as_array() && toml.find("[[clearances]]") == std::string::npos)
        std::erase_if(lines, [](const std::string& line) { return line.starts_with("clearances"); });
    auto out = joined(lines) + "\n[[clearances]]\nsegment = \"" + edit.segment +
               "\"\nrevision = " + std::to_string(*edit.revision) +
               "\nlocales = " + quoted_list(edit.locales) + '\n';
    if (!edit.from.empty()) out += "from = \"" + edit.from + "\"\n";
    if (!edit.until.empty()) out += "until = \"" + edit.until + "\"\n";
    return out;
}

std::string remove_clearance(const std::string& toml, const ClearanceEdit& edit, const std::string& what) {
    check(edit, what);
    auto lines = split(toml);
    auto blocks = blocks_of(toml, lines, what);
    const auto before = blocks.size();
    bool found = false;
    std::size_t removed = 0;
    for (auto b = blocks.rbegin(); b != blocks.rend();
         ++b) {  // backwards, so that line numbers above stay valid
        if (b->segment != edit.segment || (edit.revision && b->revision != *edit.revision)) continue;
        auto left = b->locales;
        std::erase_if(left, [&](const auto& l) { return edit.locales.empty() || has(edit.locales, l); });
        if (left == b->locales) continue;
        found = true;
        if (left.empty()) {
            lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(b->first),
                        lines.begin() + static_cast<std::ptrdiff_t>(b->last));
            ++removed;
        } else {
            set_locales(lines, *b, left);
        }
    }
    if (!found)
        throw ReadError(ReadFault::unresolved, Where(what).in("clearances." + edit.segment, {}),
                        "'" + edit.segment + "' is not cleared" +
                            (edit.locales.empty() ? std::string{} : " in " + names_of(edit.locales)) +
                            ", so nothing can be withdrawn; look at the file, or correct the id");
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    if (removed == before) lines.emplace_back("clearances = []");
    return joined(lines);
}

std::string edit_clearances(const std::string& source, const std::string& country, ClearanceEdit edit,
                            bool withdraw) {
    const auto path = source + "/countries/" + country + "/clearances.toml";
    if (!fs::exists(path))
        throw ReadError(
            ReadFault::missing, path,
            "does not exist; pass a country's code in lower case, such as kh, and the channel's source");
    const auto before = read_file(path, facts_cap);
    if (!withdraw) complete(edit, source);
    const auto after = withdraw ? remove_clearance(before, edit, path) : add_clearance(before, edit, path);
    content::Country checked;  // parse the result as publishing will
    for (const char c : country) checked.code += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    content::parse_clearances(boost::json::serialize(parse_toml(after, path, facts_cap)), path, checked);
    write_file_atomically(path, after);
    return std::string(withdraw ? "withdrew " : "cleared ") + edit.segment +
           (edit.locales.empty() ? std::string(", all locales") : " in " + names_of(edit.locales)) + " for " +
           checked.code + ": " + path;
}

}  // namespace riverlight::publisher
