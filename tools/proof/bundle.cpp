#include "tools/proof/bundle.hpp"

#include <array>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::proof {
namespace {

namespace json = boost::json;
using office::Tally;
using std::chrono::milliseconds;

constexpr std::int64_t most = std::int64_t{1} << 53;
constexpr std::size_t most_hashes = 64 * most_lines_an_inclusion;
constexpr std::size_t most_subjects = 10'000;

constexpr std::array counts{&Tally::aired,  &Tally::partly, &Tally::missed,   &Tally::silent,
                            &Tally::waived, &Tally::filler, &Tally::unplanned};
constexpr std::array times{&Tally::due_time, &Tally::shown, &Tally::filler_time, &Tally::unplanned_time};
constexpr std::size_t names = 3;

json::array write_hashes(const std::vector<merkle::Hash>& hashes) {
    json::array out;
    out.reserve(hashes.size());
    for (const auto& hash : hashes) out.emplace_back(merkle::to_hex(hash));
    return out;
}

json::array write_figures(const std::map<office::Subject, Tally>& figures) {
    json::array out;
    for (const auto& [subject, tally] : figures) {
        json::array row{subject.campaign, subject.segment, subject.locale};
        for (const auto count : counts) row.emplace_back(tally.*count);
        for (const auto time : times) row.emplace_back(static_cast<std::int64_t>((tally.*time).count()));
        out.push_back(std::move(row));
    }
    return out;
}

/// Writes the members of one kind of line.
struct LineWriter {
    json::object operator()(const Opening& l) const {
        return {{"line", "bundle"},
                {"format", 1},
                {"country", l.country},
                {"from", to_iso(l.from)},
                {"head", parse_json(content::write_tree_head(l.head), "tree head")},
                {"made", to_rfc3339(l.made)},
                {"until", to_iso(l.until)}};
    }
    json::object operator()(const EarlierHead& l) const {
        return {{"line", "head"},
                {"growth", write_hashes(l.growth)},
                {"head", parse_json(content::write_tree_head(l.head), "tree head")}};
    }
    json::object operator()(const PlaceLine& l) const {
        return {{"line", "place"},
                {"country", l.country},
                {"hashes_only", l.hashes_only},
                {"name", l.name},
                {"place", l.place}};
    }
    json::object operator()(const KeyLine& l) const {
        return {{"line", "key"},
                {"board", l.board},
                {"enrolled", to_rfc3339(l.enrolled)},
                {"place", l.place},
                {"public_key", l.public_key}};
    }
    json::object operator()(const DayLine& l) const {
        return {{"line", "day"},
                {"began", to_rfc3339(l.from)},
                {"day", to_iso(l.day)},
                {"ended", to_rfc3339(l.until)},
                {"figures", write_figures(l.figures)},
                {"plan", to_base64(l.plan)},
                {"since", to_rfc3339(l.since)}};
    }
    json::object operator()(const EpochLine& l) const {
        return {{"line", "epoch"}, {"board", l.board}, {"epoch", l.epoch}};
    }
    json::object operator()(const RecordLine& l) const {
        return {{"line", "record"},
                {"doubt", l.doubt ? office::to_text(*l.doubt) : ""},
                {"index", static_cast<std::int64_t>(l.index)},
                {"record", parse_json(content::record_json(l.record), "record")}};
    }
    json::object operator()(const HashLine& l) const {
        return {{"line", "hash"},
                {"hash", l.hash},
                {"index", static_cast<std::int64_t>(l.index)},
                {"seq", l.seq}};
    }
    json::object operator()(const SignatureLine& l) const {
        return {{"line", "signature"}, {"first", l.first}, {"last", l.last}, {"signature", l.signature}};
    }
    json::object operator()(const InclusionLine& l) const {
        return {{"line", "inclusion"}, {"proof", write_hashes(l.proof)}};
    }
    json::object operator()(const EndLine& l) const {
        return {{"line", "end"},
                {"places", static_cast<std::int64_t>(l.places)},
                {"records", static_cast<std::int64_t>(l.records)}};
    }
};

/// Reads the members of one line.
class LineFields : public JsonFields {
  public:
    using JsonFields::JsonFields;

    /// Plain text: no office writes other, and a verdict prints it.
    [[nodiscard]] std::string text(std::string_view key, std::size_t longest) {
        auto value = JsonFields::text(key, longest);
        require_plain(key, value);
        return value;
    }
    [[nodiscard]] Instant instant(std::string_view key) {
        const auto at = from_rfc3339(text(key, 64));
        if (!at) refuse(key, ReadFault::malformed, "must be an instant in UTC");
        return *at;
    }
    [[nodiscard]] std::chrono::local_days date(std::string_view key) {
        const auto day = date_from_iso(text(key, 10));
        if (!day) refuse(key, ReadFault::malformed, "must be a date, as 2026-11-29");
        return *day;
    }
    [[nodiscard]] std::uint64_t number(std::string_view key) {
        return static_cast<std::uint64_t>(integer(key, 0, most));
    }
    [[nodiscard]] std::string hash(std::string_view key) {
        return merkle::to_hex(merkle::parse_hash(text(key, 64)));
    }
    [[nodiscard]] std::vector<merkle::Hash> hashes(std::string_view key) {
        std::vector<merkle::Hash> out;
        const auto& texts = array(key, most_hashes);
        out.reserve(texts.size());
        for (const auto& one : texts) {
            if (!one.is_string()) refuse(key, ReadFault::wrong_type, "must hold texts");
            out.push_back(merkle::parse_hash(std::string_view(one.get_string())));
        }
        return out;
    }
    /// Signed by the key that it names; which office that is, is for others to judge.
    [[nodiscard]] content::TreeHead head(std::string_view key) {
        return content::parse_any_tree_head(canonical_json(object(key)), where());
    }
    [[nodiscard]] std::map<office::Subject, Tally> figures(std::string_view key) {
        std::map<office::Subject, Tally> out;
        for (const auto& row : array(key, most_subjects))
            if (!row.is_array() || row.get_array().size() != names + counts.size() + times.size() ||
                !out.insert(figure_of(key, row.get_array())).second)
                refuse(key, ReadFault::malformed, "must hold rows, one a subject");
        return out;
    }

  private:
    void require_plain(std::string_view key, std::string_view value) const {
        if (!is_plain_text(value))
            refuse(key, ReadFault::malformed, "must be UTF-8 without control characters");
    }
    [[nodiscard]] std::pair<const office::Subject, Tally> figure_of(std::string_view key,
                                                                    const json::array& row) const {
        const auto word = [&](std::size_t n) {
            if (!row[n].is_string()) refuse(key, ReadFault::wrong_type, "must begin with three texts");
            const std::string value(row[n].get_string());
            require_plain(key, value);
            return value;
        };
        std::size_t n = names;
        const auto value = [&](std::int64_t largest) {
            const auto& one = row[n++];
            if (!one.is_int64() || one.get_int64() < 0 || one.get_int64() > largest)
                refuse(key, ReadFault::out_of_range, "must go on with numbers from 0");
            return one.get_int64();
        };
        Tally tally;
        for (const auto count : counts) tally.*count = static_cast<int>(value(1'000'000'000));
        for (const auto time : times) tally.*time = milliseconds{value(most)};
        return {{word(0), word(1), word(2)}, tally};
    }
};

Opening read_opening(LineFields& f) {
    f.format(1);
    Opening out;
    out.country = f.text("country", 2);
    out.from = f.date("from");
    out.until = f.date("until");
    out.made = f.instant("made");
    out.head = f.head("head");
    return out;
}

DayLine read_day(LineFields& f) {
    DayLine out;
    out.day = f.date("day");
    out.from = f.instant("began");
    out.until = f.instant("ended");
    out.since = f.instant("since");
    out.plan = from_base64(f.text("plan", longest_line));
    out.figures = f.figures("figures");
    return out;
}

RecordLine read_record(LineFields& f, const std::string& where) {
    RecordLine out;
    out.index = f.number("index");
    const auto doubt = f.text("doubt", 64);
    out.doubt = office::parse_doubt(doubt);
    if (!doubt.empty() && !out.doubt) f.refuse("doubt", ReadFault::unknown, "must be a doubt");
    out.record = content::parse_record(canonical_json(f.object("record")), where);
    return out;
}

Line read_of(const std::string& kind, LineFields& f, const std::string& where) {
    if (kind == "record") return read_record(f, where);
    if (kind == "hash") return HashLine{f.number("index"), f.integer("seq", 1, most), f.hash("hash")};
    if (kind == "signature")
        return SignatureLine{f.integer("first", 1, most), f.integer("last", 1, most),
                             f.text("signature", 128)};
    if (kind == "inclusion") return InclusionLine{f.hashes("proof")};
    if (kind == "day") return read_day(f);
    if (kind == "epoch") return EpochLine{f.text("board", 64), f.text("epoch", 64)};
    if (kind == "place")
        return PlaceLine{f.text("place", 64), f.text("name", 256), f.text("country", 2),
                         f.boolean_or("hashes_only", false)};
    if (kind == "key")
        return KeyLine{f.text("board", 64), f.hash("public_key"), f.text("place", 64), f.instant("enrolled")};
    if (kind == "head") return EarlierHead{f.head("head"), f.hashes("growth")};
    if (kind == "bundle") return read_opening(f);
    if (kind == "end") return EndLine{f.number("places"), f.number("records")};
    f.refuse("line", ReadFault::unknown, "is a kind of line that this version does not know");
}

}  // namespace

std::string write_line(const Line& line) {
    return canonical_json(std::visit(LineWriter{}, line)) + '\n';
}

Line parse_line(std::string_view text, const std::string& where) {
    const auto value = parse_json(text, where, {longest_line, 6, 400'000});
    LineFields f(value, where);
    const auto kind = f.text("line", 16);
    auto line = read_of(kind, f, where);
    f.closed();
    return line;
}

}  // namespace riverlight::proof
