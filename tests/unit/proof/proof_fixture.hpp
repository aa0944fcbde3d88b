#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <sstream>

#include "content/airing/batch.hpp"
#include "content/airing/time_fix.hpp"
#include "content/base/json.hpp"
#include "content/http/gzip.hpp"
#include "scheduler/plan/play_ids.hpp"
#include "tests/support/folder.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/proof_maker.hpp"
#include "tools/office/store.hpp"
#include "tools/proof/verify.hpp"

namespace riverlight::proof {

using namespace std::chrono_literals;
using content::AiringRecord;
using content::AiringStatus;

inline constexpr auto first_day = std::chrono::local_days(std::chrono::year(2026) / 11 / 23);
inline constexpr std::chrono::days day_length{1};

/// One board's records, as it writes them.
struct Board {
    std::string id;
    SigningKey key;
    std::vector<AiringRecord> records{};

    AiringRecord& add(AiringRecord r) {
        r.board = r.place = id;
        r.epoch = "e1";
        r.seq = static_cast<std::int64_t>(records.size()) + 1;
        r.outlet = "screen";
        r.boot_id = r.boot_id.empty() ? "boot-1" : r.boot_id;
        records.push_back(std::move(r));
        return records.back();
    }
    /// The batch of records `first` to `last`, chained.
    [[nodiscard]] content::Batch batch(std::size_t first, std::size_t last) {
        auto previous = content::first_previous(id, "e1");
        for (auto& r : records) {
            r.previous = previous;
            r.hash = content::record_hash(r);
            previous = r.hash;
        }
        content::Batch b;
        b.board = id;
        b.epoch = "e1";
        b.first = static_cast<std::int64_t>(first);
        b.last = static_cast<std::int64_t>(last);
        b.airings.assign(records.begin() + static_cast<std::ptrdiff_t>(first) - 1,
                         records.begin() + static_cast<std::ptrdiff_t>(last));
        b.head = b.airings.back().hash;
        return b;
    }
};

/// An office with two places in Cambodia, two days of plans, and boards that reported them.
class ProofTest : public testing::Test {
  protected:
    static constexpr int plays = 12;  ///< promised a day, at each place

    static Instant start_of(std::chrono::local_days day) {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::sys_days(day.time_since_epoch())) -
               7h;
    }
    static std::string play_id(const std::string& place, std::chrono::local_days day, int n) {
        return scheduler::PlayIds(place, day, "b").of_number(n);
    }
    /// Play `n` of a day, as a board that showed all of it writes it.
    static AiringRecord aired(const std::string& place, std::chrono::local_days day, int n) {
        AiringRecord r;
        r.airing = play_id(place, day, n);
        r.booking = "b";
        r.campaign = "always";
        r.segment = n % 2 == 0 ? "fair-work" : "false-promise";
        r.locale_asked = r.locale_aired = "km";
        r.planned_start = r.started = start_of(day) + 8h + std::chrono::minutes(10 * n);
        r.planned_end = r.ended = *r.planned_start + 10s;
        r.clock = content::ClockState::synchronised;
        r.monotonic_start = MonotonicTime(*r.started - start_of(first_day));
        r.monotonic_end = *r.monotonic_start + 10s;
        r.status = AiringStatus::aired;
        r.frames = 250;
        r.samples = 480'000;
        r.sha256 = std::string(64, 'a');
        return r;
    }
    static AiringRecord not_aired(AiringRecord r, AiringStatus status, const std::string& why) {
        r.status = status;
        r.reason = why;
        r.frames = r.samples = 0;
        r.sha256.clear();
        r.monotonic_end = r.monotonic_start;
        r.ended = r.started;
        return r;
    }
    void plan(const std::string& place, std::chrono::local_days day) {
        office::StoredDay stored;
        stored.facts = {place,
                        day,
                        "KH",
                        "Place " + place,
                        "Asia/Phnom_Penh",
                        start_of(day),
                        start_of(day) + 24h,
                        start_of(first_day) - 24h};
        stored.plan.release = "1-abcdef01";
        stored.plan.air_time = {"filler"};
        for (int n = 0; n < plays; ++n) {
            const auto r = aired(place, day, n);
            stored.plan.promises.push_back(
                {r.airing, *r.planned_start, *r.planned_end, r.campaign, r.segment, "km", "b"});
        }
        store_.plans.set(stored);
    }
    void join(const Board& board) {
        const auto code = office::new_claim_code();
        store_.boards.add_claim_code(office::claim_code_hash(code),
                                     {board.id, board.id, start_of(first_day), ""});
        http::Request r;
        r.method = "POST";
        r.body = content::write_enrolment({code, board.key.public_hex(), board.id, "1"});
        ASSERT_EQ(intake_.enrol(r, start_of(first_day) - 24h).status, 201);
        store_.boards.set_state(board.id, content::BoardState::active);
    }
    void send(Board& board, std::size_t first, std::size_t last) {
        http::Request r;
        r.method = "PUT";
        r.body = http::gzip(content::write_batch(board.batch(first, last), board.key));
        r.headers["content-encoding"] = "gzip";
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        const auto answer = intake_.airings(r, board.id, "e1",
                                            std::to_string(first) + '-' + std::to_string(last), made_ - 1h);
        ASSERT_EQ(answer.status, 200) << answer.body;
    }
    /// A day of all kinds of records: play 3 in part, 5 not at all, 7 of an outlet that failed; a filler;
    /// play 9 twice, the second time in doubt since it overlaps the first.
    static void air(Board& board, std::chrono::local_days day) {
        for (int n = 0; n < plays; ++n) {
            if (n == 5) continue;
            auto r = aired(board.id, day, n);
            if (n == 3) {
                r.status = AiringStatus::truncated;
                r.frames = 100;
                r.samples = 192'000;
                r.monotonic_end = *r.monotonic_start + 4s;
            }
            board.add(n == 7 ? not_aired(r, AiringStatus::failed, "the file is damaged") : r);
            if (n == 9) board.add(r);
        }
        auto filler = aired(board.id, day, 60);
        filler.airing = "f" + filler.airing.substr(1);
        filler.booking = "filler";
        filler.campaign = "between";
        board.add(filler);
    }
    /// Both places report two days, and the begin of a third.
    void report_all() {
        for (auto* board : {&one_, &two_}) {
            join(*board);
            for (int d = 0; d < 2; ++d) {
                plan(board->id, first_day + d * day_length);
                air(*board, first_day + d * day_length);
            }
            board->add(aired(board->id, first_day + 2 * day_length, 0));
        }
        const auto all = one_.records.size();
        send(one_, 1, 9);
        send(two_, 1, all);
        send(one_, 10, all);
    }
    office::ProofRequest request() const { return {first_day, first_day + day_length, {}, {}, {}}; }
    std::string bundle(const office::ProofRequest& asked) {
        std::ostringstream out;
        static_cast<void>(office::make_proof(folder_.path(), office_, asked, made_, out));
        return out.str();
    }
    std::string bundle() { return bundle(request()); }
    static ProofVerdict verdict(const std::string& text, const VerifyOptions& options = {}) {
        std::istringstream in(text);
        return verify_bundle(in, "bundle", options);
    }
    static std::set<ProofFinding> findings(const ProofVerdict& verdict) {
        std::set<ProofFinding> out;
        for (const auto& [spot, _] : verdict.findings) out.insert(spot.finding);
        return out;
    }
    static std::set<ProofFinding> findings(const std::string& text, const VerifyOptions& options = {}) {
        return findings(verdict(text, options));
    }
    using Object = boost::json::object;
    /// The bundle with `change` made to its lines; true from it: it stays as it is then. Of a line that is
    /// cleared nothing stays.
    static std::string changed(const std::string& text, const std::function<void(Object& line)>& change) {
        std::istringstream in(text);
        std::string out;
        std::int64_t records = 0;
        for (std::string line; std::getline(in, line);) {
            auto value = parse_json(line, "line").as_object();
            change(value);
            if (value.empty()) continue;
            const auto kind = std::string(value.at("line").as_string());
            if (kind == "record" || kind == "hash") ++records;
            if (kind == "end") value["records"] = records;
            out += canonical_json(value) + '\n';
        }
        return out;
    }
    static bool is(const Object& line, const char* kind) { return line.at("line").as_string() == kind; }
    static Object& record_in(Object& line) { return line.at("record").as_object(); }
    /// Whether the line is that record of board kh-1.
    static bool is_record(Object& line, std::int64_t seq) {
        return is(line, "record") && record_in(line).at("board").as_string() == "kh-1" &&
               record_in(line).at("seq").as_int64() == seq;
    }
    /// After a record was changed, its hash is that of what it says now.
    static void hash_again(Object& record) {
        record["hash"] = content::record_hash(content::parse_record(canonical_json(record), "record"));
    }

    test::Folder folder_;
    office::OfficeStore store_{folder_.path()};
    SigningKey office_ = SigningKey::from_seed_hex(std::string(64, '1'));
    office::Intake intake_{store_, office_, [](const std::string&) {
                               return office::PlaceFacts{"KH", "Asia/Phnom_Penh"};
                           }};
    Board one_{"kh-1", SigningKey::from_seed_hex(std::string(64, '2'))};
    Board two_{"kh-2", SigningKey::from_seed_hex(std::string(64, '3'))};
    Instant made_ = start_of(first_day + 2 * day_length) + 12h;
};

}  // namespace riverlight::proof
