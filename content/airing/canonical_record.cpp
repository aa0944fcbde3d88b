#include "content/airing/canonical_record.hpp"

#include <algorithm>
#include <charconv>

#include "content/airing/record_reader.hpp"
#include "content/base/crypto.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {
namespace {

constexpr std::size_t longest_name = 64, longest_id = 128, longest_reason = 2000;
constexpr std::size_t longest_record = 64U << 10;

/// Goes through a text from front to back. Each call takes what it names, or returns false: then the text is
/// another one, and the reader is of no more use.
class CanonicalReader {
  public:
    explicit CanonicalReader(std::string_view text) : all_(text), rest_(text) {}
    [[nodiscard]] std::size_t taken() const { return all_.size() - rest_.size(); }

    bool take(std::string_view wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(wanted.size());
        return true;
    }
    bool take_text(std::string& out, std::size_t longest) {
        if (!take("\"")) return false;
        const auto end = std::find_if(rest_.begin(), rest_.end(), [](char c) {
            return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
        });
        if (end == rest_.end() || *end != '"') return end != rest_.end() && take_escaped(out, longest);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        out.assign(rest_.substr(0, size));
        rest_.remove_prefix(size + 1);
        return size <= longest && is_utf8(out);
    }
    bool take_number(std::int64_t& out, std::int64_t least) {
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
        if (error != std::errc{} || out < least || out > most) return false;
        const bool has_zeros = rest_[0] == '0' && end != rest_.data() + 1;
        if (has_zeros || rest_.starts_with("-0")) return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return true;
    }
    /// −1: absent.
    template <class Duration, class Value>
    bool take_count(std::optional<Value>& out) {
        std::int64_t count = 0;
        if (!take_number(count, -1)) return false;
        if (count >= 0) out = Value(Duration(count));
        return true;
    }
    bool take_instant(std::optional<Instant>& out) {
        if (take("null")) return true;
        constexpr std::string_view form = "0000-00-00T00:00:00.000000Z";
        if (!take("\"") || rest_.size() <= form.size() || rest_[form.size()] != '"') return false;
        const auto text = rest_.substr(0, form.size());
        const bool is_in_form = std::equal(text.begin(), text.end(), form.begin(), [](char c, char of) {
            return of == '0' ? c >= '0' && c <= '9' : c == of;
        });
        if (!is_in_form || text.substr(17, 2) == "60") return false;
        out = from_rfc3339(text);
        rest_.remove_prefix(form.size() + 1);
        return out.has_value();
    }
    bool take_clock(ClockState& out) {
        const auto state = parse_clock_state(rest_until_quote());
        if (!state || !take_name(to_text(*state))) return false;
        out = *state;
        return true;
    }
    bool take_status(std::optional<AiringStatus>& out) {
        if (take("\"\"")) return true;
        out = parse_airing_status(rest_until_quote());
        return out && take_name(to_text(*out));
    }
    bool take_evidence(std::map<std::string, std::string>& out) {
        if (take("{}")) return true;
        for (std::string_view before = "{"; !take("}"); before = ",") {
            std::string key, value;
            if (out.size() >= most_evidence || !take(before) || !take_text(key, longest_name) || !take(":") ||
                !take_text(value, longest_evidence))
                return false;
            if (!out.empty() && key <= out.rbegin()->first) return false;
            out.emplace_hint(out.end(), std::move(key), std::move(value));
        }
        return !out.empty();
    }

  private:
    [[nodiscard]] std::string_view rest_until_quote() const {
        if (!rest_.starts_with('"')) return {};
        return rest_.substr(1, std::min(rest_.find('"', 1), rest_.size()) - 1);
    }
    bool take_name(std::string_view name) { return take("\"") && take(name) && take("\""); }
    /// The rest of a text, of which quotes and backslashes alone are escaped.
    bool take_escaped(std::string& out, std::size_t longest) {
        out.clear();
        for (std::size_t i = 0; i < rest_.size() && out.size() <= longest; ++i) {
            if (static_cast<unsigned char>(rest_[i]) < 0x20) return false;
            if (rest_[i] == '"') {
                rest_.remove_prefix(i + 1);
                return is_utf8(out);
            }
            if (rest_[i] == '\\' && (++i == rest_.size() || (rest_[i] != '"' && rest_[i] != '\\')))
                return false;
            out += rest_[i];
        }
        return false;
    }

    std::string_view all_, rest_;
};

// In the order of keys, as record_json() writes them.
bool take_record(CanonicalReader& in, CanonicalRecord& found, std::string& id) {
    auto& r = found.record;
    using std::chrono::microseconds, std::chrono::milliseconds;
    const auto text = [&](std::string_view key, std::string& out, std::size_t longest = longest_name) {
        return in.take(key) && in.take_text(out, longest);
    };
    const auto number = [&](std::string_view key, std::int64_t& out, std::int64_t least = 0) {
        return in.take(key) && in.take_number(out, least);
    };
    const auto instant = [&](std::string_view key, std::optional<Instant>& out) {
        return in.take(key) && in.take_instant(out);
    };
    const bool begins =
        text("{\"airing\":", id, longest_id) && text(",\"board\":", r.board) &&
        text(",\"booking\":", r.booking) && text(",\"boot_id\":", r.boot_id) &&
        text(",\"campaign\":", r.campaign) && in.take(",\"clock\":") && in.take_clock(r.clock) &&
        in.take(",\"clock_error_ms\":") && in.take_count<milliseconds>(r.clock_error) &&
        instant(",\"ended\":", r.ended) && text(",\"epoch\":", r.epoch) && in.take(",\"evidence\":") &&
        in.take_evidence(r.evidence) && in.take(",\"format\":1") && number(",\"frames\":", r.frames);
    if (!begins) return false;
    found.hash_begin = in.taken();
    if (!text(",\"hash\":", r.hash)) return false;
    found.hash_end = in.taken();
    return text(",\"locale_aired\":", r.locale_aired) && text(",\"locale_asked\":", r.locale_asked) &&
           number(",\"lost\":", r.lost) && in.take(",\"monotonic_end_us\":") &&
           in.take_count<microseconds>(r.monotonic_end) && in.take(",\"monotonic_start_us\":") &&
           in.take_count<microseconds>(r.monotonic_start) && text(",\"outlet\":", r.outlet) &&
           text(",\"place\":", r.place) && instant(",\"planned_end\":", r.planned_end) &&
           instant(",\"planned_start\":", r.planned_start) && text(",\"previous\":", r.previous) &&
           text(",\"reason\":", r.reason, longest_reason) && number(",\"repeated\":", r.repeated) &&
           number(",\"revision\":", r.revision) && number(",\"samples\":", r.samples) &&
           text(",\"segment\":", r.segment) && number(",\"seq\":", r.seq, 1) &&
           text(",\"sha256\":", r.sha256) && instant(",\"started\":", r.started) && in.take(",\"status\":") &&
           in.take_status(r.status) && in.take("}");
}

}  // namespace

std::optional<CanonicalRecord> read_canonical_record(std::string_view text) {
    CanonicalReader in(text);
    CanonicalRecord out;
    std::string id;
    if (!take_record(in, out, id) || in.taken() > longest_record) return std::nullopt;
    set_record_id(out.record, id);
    out.length = in.taken();
    return out;
}

std::string hash_of(const CanonicalRecord& found, std::string_view text) {
    std::string hashed(text.substr(0, found.hash_begin));
    hashed += text.substr(found.hash_end, found.length - found.hash_end);
    return sha256_hex(hashed);
}

}  // namespace riverlight::content
