#pragma once
#include "content/base/files.hpp"
#include "tests/unit/tools/kept_records.hpp"
#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/office.hpp"

/// An office whose records agree with each other, in a folder of the test's kind of database.
namespace riverlight::office {

inline const std::chrono::local_days first_day = *date_from_iso("2026-09-20");

/// Three days of one place, each with four promises; its board reports three of them. Records came in signed
/// batches, so that all checks hold. `days`: which of them are over and reported.
class KeptOffice {
  public:
    explicit KeptOffice(const std::string& folder) : folder_(folder) {
        key_.save(folder + "/office.key");
        OfficeStore store(folder);
        static_cast<void>(load_serving_key(store, folder, midnight(-1)));
        store.boards.add_claim_code(claim_code_hash(code_), {"kh-pp-01", "kh-pp-01", midnight(-1) + 24h, ""});
        http::Request enrol;
        enrol.method = "PUT";
        enrol.remote = "192.0.2.1";
        enrol.body = canonical_json(boost::json::object{{"format", 1},
                                                        {"claim_code", code_},
                                                        {"public_key", board_.public_hex()},
                                                        {"place", "kh-pp-01"},
                                                        {"version", "1"}});
        Intake intake(store, key_, facts);
        EXPECT_EQ(intake.enrol(enrol, midnight(-1)).status, 201);
        store.boards.set_state("kh-pp-01", BoardState::active);
    }
    [[nodiscard]] static Instant midnight(int day) {
        return *from_rfc3339("2026-09-19T17:00:00Z") + std::chrono::days{day};
    }
    /// Plans the day, and lets the board report it.
    void live(int day) {
        OfficeStore store(folder_);
        StoredDay planned;
        planned.facts = {"kh-pp-01",
                         first_day + std::chrono::days{day},
                         "KH",
                         "Phnom Penh",
                         "Asia/Phnom_Penh",
                         midnight(day),
                         midnight(day + 1),
                         midnight(-1)};
        planned.plan.release = "1-a";
        for (int n = 0; n < 4; ++n) {
            const auto start = midnight(day) + (n + 2) * 1h;
            planned.plan.promises.push_back(
                {id_of(day, n), start, start + 60s, "always", "law", "km", "often"});
        }
        store.plans.set(planned);
        content::Batch batch;
        batch.board = "kh-pp-01";
        batch.epoch = "e1";
        batch.first = seq_ + 1;
        for (int n = 0; n < 3; ++n) batch.airings.push_back(record(day, n));
        batch.last = seq_;
        batch.head = previous_;
        EXPECT_EQ(send(store, batch).status, 200);
        store.tree.keep_head(content::sign_tree_head(store.tree.head(midnight(day + 1)), key_));
    }
    /// A record of an earlier day that comes now.
    http::Response send_late(int day, int n) {
        OfficeStore store(folder_);
        content::Batch batch;
        batch.board = "kh-pp-01";
        batch.epoch = "e1";
        batch.first = seq_ + 1;
        batch.airings.push_back(record(day, n));
        batch.last = seq_;
        batch.head = previous_;
        return send(store, batch);
    }
    [[nodiscard]] const SigningKey& key() const { return key_; }

  private:
    static PlaceFacts facts(const std::string& /*place*/) { return {"KH", "Asia/Phnom_Penh"}; }
    static std::string id_of(int day, int n) {
        return "kh-pp-01-" + std::to_string(day) + '-' + std::to_string(n);
    }
    AiringRecord record(int day, int n) {
        AiringRecord r;
        r.board = r.place = "kh-pp-01";
        r.epoch = "e1";
        r.seq = ++seq_;
        r.outlet = "screen";
        r.airing = id_of(day, n);
        r.booking = "often";
        r.campaign = "always";
        r.segment = "law";
        r.locale_aired = "km";
        r.status = content::AiringStatus::aired;
        r.planned_start = r.started = midnight(day) + (n + 2) * 1h;
        r.planned_end = r.ended = *r.started + 60s;
        r.frames = 1500;
        r.samples = 60 * 48'000;
        r.sha256 = std::string(64, 'a');
        if (seq_ == 1) previous_ = content::first_previous(r.board, r.epoch);
        r.previous = previous_;
        r.hash = previous_ = content::record_hash(r);
        return r;
    }
    http::Response send(OfficeStore& store, const content::Batch& batch) {
        http::Request r;
        r.method = "PUT";
        r.remote = "192.0.2.1";
        r.body = write_batch(batch, board_);
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        return Intake(store, key_, facts)
            .airings(r, "kh-pp-01", "e1", std::to_string(batch.first) + '-' + std::to_string(batch.last),
                     *batch.airings.back().ended + 1h);
    }

    std::string folder_;
    SigningKey key_ = SigningKey::from_seed_hex(std::string(64, '1'));
    SigningKey board_ = SigningKey::from_seed_hex(std::string(64, '2'));
    std::string code_ = new_claim_code();
    std::string previous_;
    std::int64_t seq_ = 0;
};

}  // namespace riverlight::office
