#include "player/cue/output_spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <vector>

#include "content/base/suggest.hpp"

namespace riverlight::player {
namespace {

using Kind = OutputSpec::Kind;
constexpr std::size_t longest = 2000;

struct Form {
    std::string_view prefix;
    Kind kind;
};
constexpr std::array<Form, 10> forms{{{"drm", Kind::screen},
                                      {"drm:", Kind::screen},
                                      {"window", Kind::window},
                                      {"null", Kind::null},
                                      {"capture:", Kind::capture},
                                      {"file:", Kind::file},
                                      {"hls:", Kind::hls},
                                      {"udp://", Kind::udp},
                                      {"rtp://", Kind::rtp},
                                      {"srt://", Kind::srt}}};

/// The spec as people may read it: a passphrase is left out.
std::string without_secret(std::string_view spec) {
    std::string out(spec);
    const auto at = out.find("passphrase=");
    if (at == out.npos) return out;
    const auto end = std::min(out.find('&', at), out.size());
    return out.replace(at + 11, end - at - 11, "…");
}

class SpecReader {
  public:
    explicit SpecReader(std::string_view spec) : name_(without_secret(spec)) {}

    /// `key` is the setting, or `kind`, `host`, `port`, `path` of the target.
    [[noreturn]] void refuse(ReadFault fault, std::string_view key, const std::string& why,
                             const std::string& meant = {}) const {
        throw ReadError(fault, Where("output '" + name_ + '\'').in(key, {}), why, meant);
    }
    template <class Number>
    void number(std::string_view key, std::string_view text, std::int64_t least, std::int64_t most,
                Number& into) const {
        std::int64_t value = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (ec != std::errc{} || end != text.data() + text.size() || value < least || value > most)
            refuse(ReadFault::out_of_range, key.substr(key.rfind(' ') + 1),
                   std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
                       std::to_string(most));
        into = Number(value);
    }
    [[nodiscard]] std::string decoded(std::string_view key, std::string_view text) const {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '%') {
                out += text[i];
                continue;
            }
            unsigned value = 0;
            const char* from = text.data() + i + 1;
            if (i + 2 >= text.size() || std::from_chars(from, from + 2, value, 16).ptr != from + 2)
                refuse(ReadFault::malformed, key,
                       "a % must be followed by two hexadecimal digits; write %25 for the sign itself");
            out += static_cast<char>(value);
            i += 2;
        }
        if (out.find('\0') != out.npos) refuse(ReadFault::malformed, key, "it contains a NUL byte");
        return out;
    }
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_;
};

using Set = std::function<void(const SpecReader&, OutputSpec&, const std::string&)>;
struct Setting {
    std::string_view key;
    std::vector<Kind> kinds;
    Set set;
};

void set_key(const SpecReader& r, OutputSpec& o, const std::string& v) {
    r.number("key", v, 16, 32, o.key_bytes);
    if (o.key_bytes % 8 != 0)
        r.refuse(ReadFault::out_of_range, "key", "key is 16, 24 or 32 (AES-128, 192 or 256)");
}

void set_mode(const SpecReader& r, OutputSpec& o, const std::string& v) {
    if (v != "caller" && v != "listener")
        r.refuse(ReadFault::malformed, "mode", "mode is caller or listener");
    o.listener = v == "listener";
}

void set_passphrase(const SpecReader& r, OutputSpec& o, const std::string& v) {
    if (v.size() < 10 || v.size() > 79)
        r.refuse(ReadFault::out_of_range, "passphrase", "a passphrase has 10 to 79 bytes");
    o.passphrase = v;
}

void set_stream_id(const SpecReader& r, OutputSpec& o, const std::string& v) {
    if (v.size() > 512) r.refuse(ReadFault::too_large, "streamid", "streamid has at most 512 bytes");
    o.stream_id = v;
}

void set_size(const SpecReader& r, OutputSpec& o, const std::string& v) {
    const auto by = std::min(v.find('x'), v.size());
    r.number("width of size", v.substr(0, by), 16, 4096, o.width);
    r.number("height of size", v.substr(std::min(by + 1, v.size())), 16, 4096, o.height);
    if (o.width % 2 != 0 || o.height % 2 != 0)
        r.refuse(ReadFault::malformed, "size", "size is of even numbers, such as 1920x1080");
}

const std::vector<Setting>& settings() {
    static const std::vector<Setting> all{
        {"ttl",
         {Kind::udp, Kind::rtp},
         [](const SpecReader& r, OutputSpec& o, const std::string& v) { r.number("ttl", v, 1, 255, o.ttl); }},
        {"interface",
         {Kind::udp, Kind::rtp},
         [](const SpecReader&, OutputSpec& o, const std::string& v) { o.interface = v; }},
        {"mode", {Kind::srt}, set_mode},
        {"latency",
         {Kind::srt},
         [](const SpecReader& r, OutputSpec& o, const std::string& v) {
             r.number("latency", v, 20, 10'000, o.latency);
         }},
        {"passphrase", {Kind::srt}, set_passphrase},
        {"passphrase_file",
         {Kind::srt},
         [](const SpecReader&, OutputSpec& o, const std::string& v) { o.passphrase_file = v; }},
        {"key", {Kind::srt}, set_key},
        {"streamid", {Kind::srt}, set_stream_id},
        {"size", {Kind::null}, set_size},
        {"seconds",
         {Kind::hls},
         [](const SpecReader& r, OutputSpec& o, const std::string& v) {
             r.number("seconds", v, 1, 30, o.segment);
         }},
        {"window", {Kind::hls}, [](const SpecReader& r, OutputSpec& o, const std::string& v) {
             r.number("window", v, 3, 120, o.window);
         }}};
    return all;
}

void read_setting(const SpecReader& r, OutputSpec& o, std::string_view key, std::string_view value) {
    std::vector<std::string_view> known;
    for (const auto& setting : settings()) {
        if (std::find(setting.kinds.begin(), setting.kinds.end(), o.kind) == setting.kinds.end()) continue;
        if (setting.key == key) return setting.set(r, o, r.decoded(key, value));
        known.push_back(setting.key);
    }
    std::string list;
    for (const auto name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    r.refuse(
        ReadFault::unknown, key,
        "'" + std::string(key) + "' is not one of its settings" + (list.empty() ? "" : "; known: " + list),
        nearest_name(key, known));
}

void read_settings(const SpecReader& r, OutputSpec& o, std::string_view query) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto field = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto equals = std::min(field.find('='), field.size());
        read_setting(r, o, field.substr(0, equals), field.substr(std::min(equals + 1, field.size())));
    }
}

void read_address(const SpecReader& r, OutputSpec& o, std::string_view address) {
    const auto colon = address.rfind(':');
    if (colon == address.npos)
        r.refuse(ReadFault::malformed, "port",
                 "is not an address; write host:port, for example 127.0.0.1:5004");
    auto host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    r.number("the port", address.substr(colon + 1), 1, 65'535, o.port);
    o.host = host;
}

void read_path(const SpecReader& r, OutputSpec& o, std::string_view path) {
    const bool folder = path.ends_with('/');
    if (o.kind == Kind::file && folder) o.kind = Kind::hours;
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    o.path = path;
    if (path.empty() && o.kind != Kind::hls)
        r.refuse(ReadFault::missing, "path", "names no place on the disk");
}

void check(const SpecReader& r, const OutputSpec& o) {
    if (!o.passphrase.empty() && !o.passphrase_file.empty())
        r.refuse(ReadFault::misplaced, "passphrase_file",
                 "has both passphrase and passphrase_file; one is enough");
    if (o.host.empty() && is_network(o) && !o.listener) r.refuse(ReadFault::missing, "host", "names no host");
    if (o.listener && !o.stream_id.empty())
        r.refuse(ReadFault::misplaced, "streamid", "streamid is the caller's to say");
}

}  // namespace

OutputSpec parse_output(std::string_view spec) {
    const SpecReader r(spec.substr(0, longest));
    if (spec.size() > longest)
        r.refuse(ReadFault::too_large, {}, "is longer than " + std::to_string(longest) + " bytes");
    const Form* form = nullptr;
    for (const auto& f : forms) {
        const bool word = f.prefix.find(':') == f.prefix.npos;
        const bool named =
            spec.starts_with(f.prefix) && (!word || spec.size() == f.prefix.size() ||
                                           (f.kind != Kind::screen && spec[f.prefix.size()] == '?'));
        if (named) form = &f;
    }
    if (!form) {
        std::vector<std::string_view> known;
        known.reserve(forms.size());
        for (const auto& f : forms) known.push_back(f.prefix);
        const auto kind = spec.substr(0, spec.find_first_not_of(":/", spec.find(':')));
        r.refuse(ReadFault::unsupported, "kind", std::string("is unknown; use ") + output_help,
                 nearest_name(kind, known));
    }
    OutputSpec o;
    o.kind = form->kind;
    o.name = r.name();
    const auto rest = spec.substr(form->prefix.size());
    if (o.kind == Kind::screen) return o;
    const bool plain = o.kind == Kind::capture || o.kind == Kind::file;  // a path may hold a question mark
    const auto question = plain ? rest.size() : std::min(rest.find('?'), rest.size());
    const auto target = rest.substr(0, question);
    if (question < rest.size()) read_settings(r, o, rest.substr(question + 1));
    if (is_network(o)) read_address(r, o, target);
    if (plain || o.kind == Kind::hls) read_path(r, o, target);
    check(r, o);
    return o;
}

bool is_feed(const OutputSpec& spec) {
    return spec.kind == Kind::file || spec.kind == Kind::hours || spec.kind == Kind::hls || is_network(spec);
}

bool is_network(const OutputSpec& spec) {
    return spec.kind == Kind::udp || spec.kind == Kind::rtp || spec.kind == Kind::srt;
}

}  // namespace riverlight::player
