// Power cuts of a board's journal and of the office's records, at every system call of SQLite: unsynced
// writes lost, torn and reordered, as in tests/integration/content/crash_test.cpp. RIVERLIGHT_CUTS says how
// many (500 unless said).
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "content/airing/batch.hpp"
#include "content/base/json.hpp"
#include "firmware/journal/journal.hpp"
#include "tests/support/crash_replay.hpp"
#include "tests/support/disk_watch.hpp"
#include "tests/support/folder.hpp"
#include "tools/office/enrolment.hpp"
#include "tools/office/intake.hpp"
#include "tools/office/store.hpp"

namespace riverlight::test {
namespace {

namespace fs = std::filesystem;
using firmware::Journal;
using testing::AnyOf;
using testing::IsEmpty;

std::size_t cuts() {
    const auto* said = std::getenv("RIVERLIGHT_CUTS");
    return said ? std::strtoul(said, nullptr, 10) : 500;
}

content::AiringRecord airing(int number) {
    content::AiringRecord r;
    r.outlet = "screen";
    r.place = "kh-pp-01";
    r.airing = "airing-" + std::to_string(number);
    r.segment = "fair-work";
    r.status = content::AiringStatus::aired;
    r.started = from_rfc3339("2026-11-23T06:00:00Z");
    r.evidence["frames"] = "300";
    return r;
}

/// How far a journal got.
struct Reached {
    std::int64_t last = 0;
    std::string head;
    bool operator==(const Reached&) const = default;
};

class PowerCut : public testing::Test {
  protected:
    PowerCut() { fs::create_directories(live()); }

    [[nodiscard]] std::string live() const { return folder_ / "live"; }
    [[nodiscard]] static std::string journal_in(const std::string& folder) { return folder + "/journal.db"; }

    /// What work does to the live folder. `work` is given the watch.
    template <class Work>
    CrashReplay watch(const std::string& folder, const Work& work) const {
        const auto before = folder_ / "before";
        fs::remove_all(before);
        fs::copy(folder, before, fs::copy_options::recursive);
        const DiskWatch disk(folder);
        work(disk);
        return {before, disk.steps()};
    }
    /// Starts on a journal as a board does after a power cut; says how far it got.
    static Reached recover(const std::string& folder) {
        Journal journal(journal_in(folder), "b1");
        EXPECT_THAT(journal.why_rotated(), IsEmpty()) << "a cut is no damage";
        static_cast<void>(journal.close_interrupted("the power went"));
        EXPECT_THAT(journal.verify(), IsEmpty());
        const auto last = journal.state().last;
        return {last, last > 0 ? journal.read(last, 1).at(0).hash : ""};
    }
    static void check_integrity(const std::string& file) {
        SQLite::Database db(file);
        EXPECT_EQ(db.execAndGet("PRAGMA integrity_check").getString(), "ok");
    }
    /// Airs `count` items under watch. acknowledged_[n]: how many steps it took until record n+1 was
    /// promised.
    CrashReplay air_watched(int count) {
        return watch(live(), [&](const DiskWatch& disk) {
            Journal journal(journal_in(live()), "b1");
            for (int n = 0; n < count; ++n) {
                const auto handle = journal.open(airing(n));
                journal.update(handle, airing(n));
                static_cast<void>(journal.close(handle, airing(n)));
                acknowledged_.push_back(disk.steps().size());
            }
        });
    }
    /// How many airings were promised when the power went before step `cut`.
    [[nodiscard]] std::int64_t promised_at(std::size_t cut) const {
        return std::upper_bound(acknowledged_.begin(), acknowledged_.end(), cut) - acknowledged_.begin();
    }

    Folder folder_;
    std::vector<std::size_t> acknowledged_;
};

TEST_F(PowerCut, case_30_34_in_a_journal_write_loses_no_airing_that_was_promised) {
    const auto replay = air_watched(120);
    ASSERT_GT(replay.steps(), 500U);
    const auto after = folder_ / "after";
    std::int64_t most = 0;
    for (std::size_t n = 0; n < cuts() && !HasFailure(); ++n) {
        // The steps in an order that reaches all of them, round after round with other seeds.
        const auto cut = n * 7919 % (replay.steps() + 1);
        SCOPED_TRACE("cut " + std::to_string(cut) + ", seed " + std::to_string(n));
        replay.write_state(after, cut, n);
        const auto reached = recover(after);
        EXPECT_GE(reached.last, promised_at(cut));
        check_integrity(journal_in(after));
        most = std::max(most, reached.last);
    }
    EXPECT_GT(most, 100) << "late cuts occur too";
}

TEST_F(PowerCut, case_31_34_in_a_checkpoint_a_recovery_and_the_next_recovery_converges) {
    const auto replay = air_watched(120);
    const auto first = folder_ / "first", second = folder_ / "second", third = folder_ / "third";
    std::size_t recoveries_cut = 0;
    for (std::size_t n = 0; n < std::max<std::size_t>(cuts() / 25, 20) && !HasFailure(); ++n) {
        const auto cut = n * 7919 % (replay.steps() + 1);
        replay.write_state(first, cut, n);
        Reached reached;
        const auto recovery = watch(first, [&](const DiskWatch&) { reached = recover(first); });
        EXPECT_GE(reached.last, promised_at(cut));
        for (std::size_t m = 0; m < 10 && !HasFailure(); ++m) {
            const auto cut_again = m * 7919 % (recovery.steps() + 1);
            SCOPED_TRACE("cut " + std::to_string(cut) + ", recovery " + std::to_string(cut_again) +
                         ", seeds " + std::to_string(n) + ' ' + std::to_string(m));
            recovery.write_state(second, cut_again, m);
            const auto next = watch(second, [&](const DiskWatch&) { EXPECT_EQ(recover(second), reached); });
            next.write_state(third, m * 104729 % (next.steps() + 1), n + m);
            EXPECT_EQ(recover(third), reached);
            check_integrity(journal_in(third));
            recoveries_cut += recovery.steps() > 0;
        }
    }
    EXPECT_GT(recoveries_cut, 100U);
}

TEST_F(PowerCut, case_33_34_between_a_receipt_and_the_removal_loses_nothing_that_the_office_lacks) {
    const auto office = SigningKey::from_seed_hex(std::string(64, '1'));
    content::Receipt receipt;
    {
        Journal journal(journal_in(live()), "b1");
        for (int n = 0; n < 20; ++n) static_cast<void>(journal.add(airing(n)));
        const auto batch = journal.next_batch(15);
        receipt = {"b1", batch->epoch, batch->last, batch->head, {}, {}};
    }
    std::size_t noted = 0;
    const auto replay = watch(live(), [&](const DiskWatch& disk) {
        Journal journal(journal_in(live()), "b1");
        journal.accept_receipt(content::parse_receipt(write_receipt(receipt, office), office.public_hex()));
        noted = disk.steps().size();
        EXPECT_EQ(journal.make_room(0, 10), 10U);
        for (int n = 20; n < 23; ++n) static_cast<void>(journal.add(airing(n)));
    });
    const auto after = folder_ / "after";
    for (std::size_t n = 0; n < std::max<std::size_t>(cuts() / 5, 100) && !HasFailure(); ++n) {
        const auto cut = n % (replay.steps() + 1);
        SCOPED_TRACE("cut " + std::to_string(cut) + ", seed " + std::to_string(n));
        replay.write_state(after, cut, n);
        EXPECT_GE(recover(after).last, 20);
        Journal journal(journal_in(after), "b1");
        const auto held = journal.state().receipted;
        EXPECT_THAT(held, AnyOf(cut < noted ? 0 : 15, 15));
        const auto removed = journal.fact(content::journal_facts::removed_up_to);
        const auto gone = removed ? removed->seq : 0;
        EXPECT_THAT(gone, AnyOf(0, held < 15 ? 0 : 10)) << "nothing goes before its receipt is on the disk";
        EXPECT_EQ(journal.read(1, 100).size(), static_cast<std::size_t>(journal.state().last - gone));
        EXPECT_EQ(journal.next_batch(100)->first, held + 1) << "what the receipt did not cover goes up";
    }
}

/// The office's side: a store that takes what a board sends.
struct Office {
    explicit Office(const std::string& folder) : store(folder) {}
    http::Response take(const content::Batch& batch, const SigningKey& board) {
        http::Request r;
        r.method = "PUT";
        r.remote = "192.0.2.1";
        r.body = write_batch(batch, board);
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        return intake.airings(r, "b1", batch.epoch,
                              std::to_string(batch.first) + '-' + std::to_string(batch.last), now);
    }
    [[nodiscard]] std::int64_t count() const { return store.airings.count({}, 1000); }

    static inline const Instant now = *from_rfc3339("2026-11-24T05:00:00Z");
    office::OfficeStore store;
    SigningKey key = SigningKey::from_seed_hex(std::string(64, '1'));
    office::Intake intake{store, key, [](const std::string&) { return office::PlaceFacts{"KH"}; }};
};

TEST_F(PowerCut, case_32_34_between_the_offices_commit_and_its_receipt_stores_nothing_twice) {
    const auto board = SigningKey::from_seed_hex(std::string(64, '2'));
    Journal journal(folder_ / "journal.db", "b1");
    for (int n = 0; n < 12; ++n) static_cast<void>(journal.add(airing(n)));
    {
        Office office(live());
        const auto code = office::new_claim_code();
        office.store.boards.add_claim_code(office::claim_code_hash(code),
                                           {"kh-pp-01", "b1", Office::now + std::chrono::hours(24), ""});
        http::Request r;
        r.method = "POST";
        r.remote = "192.0.2.1";
        r.body = canonical_json(boost::json::object{{"format", 1},
                                                    {"claim_code", code},
                                                    {"public_key", board.public_hex()},
                                                    {"place", "kh-pp-01"},
                                                    {"version", "1"}});
        ASSERT_EQ(office.intake.enrol(r, Office::now).status, 201);
        office.store.boards.set_state("b1", office::BoardState::active);
    }
    const auto batch = *journal.next_batch(12);
    std::size_t committed = 0;
    const auto replay = watch(live(), [&](const DiskWatch& disk) {
        Office office(live());
        EXPECT_EQ(office.take(batch, board).status, 200);
        committed = disk.steps().size();
    });
    ASSERT_GT(committed, 5U);
    const auto after = folder_ / "after";
    bool was_lost = false, was_held = false;
    for (std::size_t n = 0; n < std::max<std::size_t>(cuts() / 5, 100) && !HasFailure(); ++n) {
        const auto cut = n % (replay.steps() + 1);
        SCOPED_TRACE("cut " + std::to_string(cut) + ", seed " + std::to_string(n));
        replay.write_state(after, cut, n);
        Office office(after);
        const auto held = office.count();
        EXPECT_THAT(held, AnyOf(cut < committed ? 0 : 12, 12));
        (held > 0 ? was_held : was_lost) = true;
        const auto again = office.take(batch, board);
        EXPECT_EQ(content::parse_receipt(again.body, office.key.public_hex()).held, 12);
        EXPECT_EQ(office.count(), 12);
    }
    EXPECT_TRUE(was_lost && was_held);
}

}  // namespace
}  // namespace riverlight::test
