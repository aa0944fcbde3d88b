#include "tools/office/figures/packed_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "content/base/error.hpp"
#include "content/http/gzip.hpp"
#include "scheduler/plan/play_ids.hpp"

namespace riverlight::office {
namespace {

using scheduler::BookingKind;
using std::chrono::microseconds;

constexpr char format = 3;
constexpr std::uint64_t most_bytes = 64U << 20;
constexpr std::size_t most_promises = 2'000'000;

/// Whole numbers of seven bits a byte, the lowest first; signed ones zigzag.
class ColumnWriter {
  public:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
        bytes_ += static_cast<char>(value);
    }
    void signed_number(std::int64_t value) {
        number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(std::string_view value) {
        number(value.size());
        bytes_ += value;
    }
    void at(Instant value) { signed_number(value.time_since_epoch().count()); }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
};

class ColumnReader {
  public:
    explicit ColumnReader(std::string_view bytes) : left_(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1).front());
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        throw Error("packed plan: holds a number that is too large");
    }
    std::int64_t signed_number() {
        const auto value = number();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::size_t count(std::size_t most) {
        const auto value = number();
        if (value > most) throw Error("packed plan: says that it holds " + std::to_string(value));
        return static_cast<std::size_t>(value);
    }
    std::string text() { return std::string(take(count(left_.size()))); }
    Instant at() { return Instant{microseconds{signed_number()}}; }

  private:
    std::string_view take(std::size_t size) {
        if (size > left_.size()) throw Error("packed plan: ends too early");
        const auto out = left_.substr(0, size);
        left_.remove_prefix(size);
        return out;
    }
    std::string_view left_;
};

/// What promises have in common; a plan holds few of them.
using Common = std::tuple<std::string, std::string, std::string, std::string, BookingKind>;
Common common_of(const Promise& p) {
    return {p.campaign, p.segment, p.locale, p.booking, p.kind};
}

/// The numbers of a booking's plays, by their ids. Plays mostly follow each other by number.
class PlayNumbers {
  public:
    PlayNumbers(const std::string& place, std::chrono::local_days day, const std::string& booking,
                std::size_t promises)
        : ids_(place, day, booking),
          most_(static_cast<int>(4 * promises + 64)),
          has_booking_(!booking.empty()) {}

    [[nodiscard]] std::string id_of(int number) const { return ids_.of_number(number); }
    std::optional<int> number_of(const std::string& id) {
        if (!has_booking_) return std::nullopt;
        if (id == ids_.of_number(next)) return next;
        if (known_.empty())
            for (int n = 0; n < most_; ++n) known_.emplace(ids_.of_number(n), n);
        const auto found = known_.find(id);
        if (found == known_.end()) return std::nullopt;
        return found->second;
    }

    int next = 0;  ///< behind the last

  private:
    scheduler::PlayIds ids_;
    int most_;
    bool has_booking_;  ///< false of a plan that an earlier office kept
    std::unordered_map<std::string, int> known_;
};

class BookingNumbers {
  public:
    BookingNumbers(const std::string& place, std::chrono::local_days day, std::size_t promises)
        : place_(place), day_(day), promises_(promises) {}
    PlayNumbers& of(const std::string& booking) {
        const auto found = bookings_.find(booking);
        if (found != bookings_.end()) return found->second;
        return bookings_.emplace(booking, PlayNumbers(place_, day_, booking, promises_)).first->second;
    }

  private:
    const std::string& place_;
    std::chrono::local_days day_;
    std::size_t promises_;
    std::map<std::string, PlayNumbers> bookings_;
};

// A column of ids: 0 is the next number of the booking, 1 an id that follows from no number, which is written
// out; anything else the distance from the next number, from 2.
constexpr std::uint64_t next_number = 0, written_out = 1, first_distance = 2;

void write_ids(ColumnWriter& w, const KeptPlan& plan, BookingNumbers numbers) {
    for (const auto& p : plan.promises) {
        auto& of_booking = numbers.of(p.booking);
        const auto number = of_booking.number_of(p.id);
        if (!number) {
            w.number(written_out);
            w.text(p.id);
            continue;
        }
        const auto ahead = static_cast<std::int64_t>(*number) - of_booking.next;
        const auto folded =
            (static_cast<std::uint64_t>(ahead) << 1) ^ static_cast<std::uint64_t>(ahead >> 63);
        w.number(ahead == 0 ? next_number : first_distance + folded);
        of_booking.next = *number + 1;
    }
}

void read_ids(ColumnReader& r, KeptPlan& plan, BookingNumbers numbers) {
    for (auto& p : plan.promises) {
        const auto code = r.number();
        if (code == written_out) {
            p.id = r.text();
            continue;
        }
        auto& of_booking = numbers.of(p.booking);
        std::int64_t number = of_booking.next;
        if (code != next_number) {
            const auto folded = code - first_distance;
            number += static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
        }
        if (number < 0 || number >= std::numeric_limits<int>::max())
            throw Error("packed plan: holds a play without a number");
        p.id = of_booking.id_of(static_cast<int>(number));
        of_booking.next = static_cast<int>(number) + 1;
    }
}

/// Starts from the end before, and lengths from the last of their segment, in `unit`.
void write_times(ColumnWriter& w, const KeptPlan& plan) {
    const bool whole = std::all_of(plan.promises.begin(), plan.promises.end(), [](const Promise& p) {
        return p.start.time_since_epoch().count() % 1000 == 0 && p.end.time_since_epoch().count() % 1000 == 0;
    });
    const std::int64_t unit = whole ? 1000 : 1;
    w.number(static_cast<std::uint64_t>(unit));
    const auto first = plan.promises.empty() ? Instant{} : plan.promises.front().start;
    w.at(first);
    auto end = first;
    for (const auto& p : plan.promises) w.signed_number((p.start - std::exchange(end, p.end)).count() / unit);
    std::map<std::string, std::int64_t> lengths;
    for (const auto& p : plan.promises) {
        const auto length = (p.end - p.start).count() / unit;
        w.signed_number(length - std::exchange(lengths[p.segment], length));
    }
}

void read_times(ColumnReader& r, KeptPlan& plan) {
    const auto unit = static_cast<std::int64_t>(r.count(1000));
    auto end = r.at();
    std::vector<std::int64_t> gaps(plan.promises.size());
    for (auto& gap : gaps) gap = r.signed_number();
    std::map<std::string, std::int64_t> lengths;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        auto& p = plan.promises[i];
        auto& length = lengths[p.segment];
        length += r.signed_number();
        p.start = end + microseconds{gaps[i] * unit};
        end = p.end = p.start + microseconds{length * unit};
    }
}

/// What changed in the middle of the day: few promises, or none.
void write_changes(ColumnWriter& w, const KeptPlan& plan) {
    const auto has_changed = [](const Promise& p) { return p.made || p.waived; };
    w.number(
        static_cast<std::uint64_t>(std::count_if(plan.promises.begin(), plan.promises.end(), has_changed)));
    for (std::size_t i = 0; i < plan.promises.size(); ++i) {
        const auto& p = plan.promises[i];
        if (!has_changed(p)) continue;
        w.number(i);
        w.number(p.made ? 1 : 0);
        if (p.made) w.at(*p.made);
        w.text(p.waived ? to_text(p.waived->cause) : "");
        if (p.waived) w.at(p.waived->at);
    }
}

void read_changes(ColumnReader& r, KeptPlan& plan) {
    for (auto left = r.count(plan.promises.size()); left > 0; --left) {
        const auto i = r.number();
        if (i >= plan.promises.size()) throw Error("packed plan: a change is of no promise");
        auto& p = plan.promises[i];
        if (r.number() == 1) p.made = r.at();
        const auto cause = r.text();
        if (cause.empty()) continue;
        const auto known = parse_waive_cause(cause);
        if (!known) throw Error("packed plan: '" + cause + "' is no cause");
        p.waived = Waiver{r.at(), *known};
    }
}

void write_commons(ColumnWriter& w, const KeptPlan& plan) {
    std::map<Common, std::uint64_t> known;
    std::vector<const Promise*> firsts;
    std::vector<std::uint64_t> column;
    for (const auto& p : plan.promises) {
        const auto [at, is_new] = known.emplace(common_of(p), known.size());
        if (is_new) firsts.push_back(&p);
        column.push_back(at->second);
    }
    w.number(firsts.size());
    for (const auto* p : firsts) {
        for (const auto* text : {&p->campaign, &p->segment, &p->locale, &p->booking}) w.text(*text);
        w.text(to_text(p->kind));
    }
    w.number(column.size());
    for (const auto one : column) w.number(one);
}

void read_commons(ColumnReader& r, KeptPlan& plan) {
    std::vector<Promise> firsts(r.count(most_promises));
    for (auto& p : firsts) {
        for (auto* text : {&p.campaign, &p.segment, &p.locale, &p.booking}) *text = r.text();
        const auto kind = scheduler::kind_from_text(r.text());
        if (!kind) throw Error("packed plan: holds no kind of booking");
        p.kind = *kind;
    }
    const auto promises = r.count(most_promises);
    for (std::size_t i = 0; i < promises; ++i) {
        const auto one = r.number();
        if (one >= firsts.size()) throw Error("packed plan: a promise is of no booking");
        plan.promises.push_back(firsts[one]);
    }
}

}  // namespace

std::string pack_plan(const KeptPlan& plan, const std::string& place, std::chrono::local_days day) {
    ColumnWriter w;
    w.number(plan.knows_kinds ? 1 : 0);
    w.text(plan.release);
    w.number(plan.air_time.size());
    for (const auto& booking : plan.air_time) w.text(booking);
    write_commons(w, plan);
    write_times(w, plan);
    write_ids(w, plan, BookingNumbers(place, day, plan.promises.size()));
    write_changes(w, plan);
    return format + http::gzip(w.bytes());
}

KeptPlan unpack_plan(std::string_view packed, const std::string& place, std::chrono::local_days day) {
    if (packed.empty() || packed.front() != format) throw Error("packed plan: is of an unknown format");
    const auto columns = http::gunzip(packed.substr(1), most_bytes);
    ColumnReader r(columns);
    KeptPlan plan;
    plan.knows_kinds = r.number() == 1;
    plan.release = r.text();
    for (auto left = r.count(most_promises); left > 0; --left) plan.air_time.insert(r.text());
    read_commons(r, plan);
    read_times(r, plan);
    read_ids(r, plan, BookingNumbers(place, day, plan.promises.size()));
    read_changes(r, plan);
    return plan;
}

}  // namespace riverlight::office
