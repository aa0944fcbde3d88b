// Power cuts, failing disks and pulled sticks, at every system call of an import and a publish. A cut is
// replayed from what was really called: unsynced writes lost, torn and reordered, names half there. Seeds are
// fixed; RIVERLIGHT_CUTS says how many cuts (500 unless said, 100 under sanitizers; 10,000 and more in the
// long run).
#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "content/carry/carry_out.hpp"
#include "content/carry/stick.hpp"
#include "content/store/scrub.hpp"
#include "tests/integration/content/channel_fixture.hpp"
#include "tests/support/crash_replay.hpp"
#include "tests/support/disk_watch.hpp"
#include "tests/support/volume.hpp"

namespace riverlight::test {
namespace {

using ::testing::AnyOf;

std::size_t cuts() {
    return number_of_cases("RIVERLIGHT_CUTS", 500);
}

class Cut : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
    }
    void change_source(std::size_t bytes = 3000) const {
        add_segment("second", std::string(bytes, '2'));
        write("source/schedules/mekong.toml", schedule("false-promise\", \"second"));
        write("source/countries/kh/clearances.toml",
              "format = 1\ncountry = \"KH\"\n[[clearances]]\nsegment = \"false-promise\"\nrevision = "
              "1\nlocales = [\"km\"]\n[[clearances]]\nsegment = \"second\"\nrevision = 1\nlocales = "
              "[\"km\"]\n");
    }
    void copy(const std::string& from, const std::string& to) const {
        fs::remove_all(at(to));
        fs::copy(at(from), at(to), fs::copy_options::recursive);
    }
    /// What work does to a folder, watched.
    CrashReplay watch(const std::string& folder, const std::function<void()>& work) const {
        copy(folder, "before");
        const DiskWatch disk(at(folder));
        work();
        return {at("before"), disk.steps()};
    }
    /// Calls `check` with each state that a cut may leave in `into`: the steps in an order that reaches all
    /// of them, round after round with other seeds, until there were enough.
    void each_cut(const CrashReplay& replay, const std::string& into,
                  const std::function<void(const std::string& where)>& check,
                  std::size_t count = cuts()) const {
        for (std::size_t n = 0; n < count && !HasFailure(); ++n) {
            const auto cut = n * 7919 % (replay.steps() + 1);
            replay.write_state(at(into), cut, n);
            check("cut " + std::to_string(cut) + ", seed " + std::to_string(n));
        }
    }
    content::SyncResult sync_from(const std::string& url) const {
        auto o = options();
        o.channel_url = url;
        return content::sync_channel(o, now_, {});
    }
    /// The release that loads. Checks that its media are complete.
    [[nodiscard]] std::string whole_release() const {
        const auto set = load();
        if (!set) return "none";
        EXPECT_TRUE(set->missing.empty()) << set->release;
        for (const auto& [id, segment] : set->catalogue.segments)
            for (const auto& [sha256, file] : segment.files)
                if (fs::exists(set->path_of(file))) {
                    EXPECT_EQ(sha256_hex(read_file(set->path_of(file), 1U << 20)), sha256);
                }
        return set->release;
    }
};

TEST_F(Cut, case_29_and_34_of_an_import_leaves_the_old_set_or_the_new) {
    static_cast<void>(sync());
    const auto old = whole_release();
    change_source();
    static_cast<void>(publish());
    const auto replay = watch("store", [&] { static_cast<void>(sync()); });
    const auto fresh = whole_release();
    ASSERT_NE(old, fresh);
    ASSERT_GT(replay.steps(), 50U);
    std::map<std::string, int> outcomes;
    each_cut(replay, "store", [&](const std::string& where) {
        SCOPED_TRACE(where);
        const auto release = whole_release();
        // The third outcome is the old set under the new clearances, which apply at once.
        EXPECT_THAT(release, AnyOf(old, old + '+' + fresh, fresh));
        ++outcomes[release];
        static_cast<void>(sync());
        EXPECT_EQ(whole_release(), fresh) << "the next visit completes it";
    });
    if (cuts() >= 500) {
        EXPECT_EQ(outcomes.size(), 3U) << "each outcome occurs";
    }
}

TEST_F(Cut, case_29_and_34_of_an_import_of_a_file_that_is_written_on_its_own_thread) {
    static_cast<void>(sync());
    const auto old = whole_release();
    change_source(700'000);
    static_cast<void>(publish());
    const auto replay = watch("store", [&] { static_cast<void>(sync()); });
    const auto fresh = whole_release();
    ASSERT_NE(old, fresh);
    each_cut(
        replay, "store",
        [&](const std::string& where) {
            SCOPED_TRACE(where);
            EXPECT_THAT(whole_release(), AnyOf(old, old + '+' + fresh, fresh));
            static_cast<void>(sync());
            EXPECT_EQ(whole_release(), fresh);
        },
        std::max<std::size_t>(cuts() / 5, 200 / case_stride));
}

TEST_F(Cut, case_29_and_34_of_a_boards_first_import) {
    fs::create_directories(at("store"));
    const auto replay = watch("store", [&] { static_cast<void>(sync()); });
    const auto fresh = whole_release();
    each_cut(replay, "store", [&](const std::string& where) {
        SCOPED_TRACE(where);
        EXPECT_THAT(whole_release(), AnyOf("none", fresh));
        static_cast<void>(sync());
        EXPECT_EQ(whole_release(), fresh);
    });
}

TEST_F(Cut, case_29_and_34_of_a_publish_leaves_the_old_release_or_the_new) {
    static_cast<void>(sync());
    const auto old = load()->release;
    copy("store", "board");
    change_source();
    const auto replay = watch("tree", [&] { static_cast<void>(publish()); });
    static_cast<void>(sync());
    const auto fresh = load()->release;
    std::size_t looked = 0;
    each_cut(replay, "tree", [&](const std::string& where) {
        SCOPED_TRACE(where);
        copy("board", "store");
        static_cast<void>(sync());
        EXPECT_THAT(load()->release, AnyOf(old, StartsWith("2-"))) << "a reader sees one or the other";
        if (++looked % 10 != 0) return;  // signing again is the slow part
        static_cast<void>(publish());
        static_cast<void>(sync());
        EXPECT_EQ(load()->catalogue.segments.count("second"), 1U) << "the next run completes it";
    });
    EXPECT_NE(old, fresh);
}

TEST_F(Cut, case_29_and_84_of_a_carry_out_leaves_the_stick_old_or_new) {
    fs::create_directories(at("stick"));
    content::CarryOptions o;
    o.channel = at("tree");
    o.stick = at("stick");
    o.places = {"kh-1"};
    static_cast<void>(content::carry_out(o, now_, {}));
    change_source();
    static_cast<void>(publish());
    const auto replay = watch("stick", [&] { content::carry_out(o, now_, {}); });
    std::map<std::size_t, int> segments;
    each_cut(replay, "stick", [&](const std::string& where) {
        SCOPED_TRACE(where);
        fs::remove_all(at("store"));
        static_cast<void>(sync_from(content::url_of_folder(at("stick/riverlight"))));
        EXPECT_NE(whole_release(), "none") << "the stick has a complete release";
        ++segments[load()->catalogue.segments.size()];
    });
    if (cuts() >= 500) {
        EXPECT_EQ(segments.size(), 2U) << "both the old and the new occur";
    }
}

TEST_F(Cut, case_84_a_stick_pulled_at_each_step_leaves_the_old_set_or_the_new) {
    static_cast<void>(sync());
    const auto old = whole_release();
    copy("store", "board");
    change_source();
    static_cast<void>(publish());
    fs::create_directories(at("stick"));
    content::CarryOptions o;
    o.channel = at("tree");
    o.stick = at("stick");
    content::carry_out(o, now_, {});
    const auto url = content::url_of_folder(at("stick/riverlight"));
    std::uint64_t pulled = 0;
    for (std::uint64_t nth = 0;; ++nth) {
        SCOPED_TRACE("pulled at call " + std::to_string(nth));
        ASSERT_LT(nth, 10'000U);
        copy("board", "store");
        bool out = false;
        {
            DiskWatch disk(at("stick"));
            disk.fail(nth, EIO, true);
            try {
                static_cast<void>(sync_from(url));
            } catch (const Error&) {
                out = true;
            }
            if (!disk.failed()) break;
        }
        ++pulled;
        const auto release = whole_release();
        EXPECT_TRUE(out || release.starts_with("2-"));
        EXPECT_TRUE(release == old || release.starts_with(old + '+') || release.starts_with("2-")) << release;
        if (HasFailure()) return;
    }
    EXPECT_GT(pulled, 20U);
    EXPECT_THAT(whole_release(), StartsWith("2-"));
}

TEST_F(Cut, case_35_every_call_fails_once_and_from_then_on) {
    static_cast<void>(sync());
    const auto old = whole_release();
    copy("store", "board");
    change_source();
    static_cast<void>(publish());
    for (const int error : {EIO, ENOSPC, ENOMEM}) {
        for (const bool for_good : {false, true}) {
            for (std::uint64_t nth = 0;; ++nth) {
                SCOPED_TRACE("errno " + std::to_string(error) + " at call " + std::to_string(nth) +
                             (for_good ? " and from then on" : ""));
                ASSERT_LT(nth, 10'000U);
                copy("board", "store");
                bool claimed = true, failed = false;
                {
                    DiskWatch disk(at("store"));
                    disk.fail(nth, error, for_good);
                    try {
                        static_cast<void>(sync());
                    } catch (const Error&) {
                        claimed = false;
                    }
                    failed = disk.failed();
                }
                const auto release = whole_release();
                if (claimed) {
                    EXPECT_THAT(release, StartsWith("2-")) << "what it reported as imported is there";
                } else {
                    EXPECT_TRUE(release == old || release.starts_with(old + '+') ||
                                release.starts_with("2-"));
                }
                static_cast<void>(sync());
                EXPECT_THAT(whole_release(), StartsWith("2-")) << "the next visit repairs it";
                if (HasFailure()) return;
                if (!failed) break;
                if (cuts() < 5000) nth += 3 * case_stride - 1;  // each third in the short run
            }
        }
    }
}

TEST_F(Cut, case_36_what_an_fsync_refused_counts_as_lost) {
    static_cast<void>(sync());
    const auto old = whole_release();
    copy("store", "board");
    change_source();
    static_cast<void>(publish());
    // Each fsync fails once: later steps must not rely on it, even if a later fsync succeeds.
    for (std::uint64_t nth = 0; nth < 400; nth += case_stride) {
        copy("board", "store");
        copy("board", "before");
        std::vector<DiskStep> steps;
        bool failed = false, claimed = true;
        {
            DiskWatch disk(at("store"));
            disk.fail(nth, EIO, false);
            try {
                static_cast<void>(sync());
            } catch (const Error&) {
                claimed = false;
            }
            failed = disk.failed();
            steps = disk.steps();
        }
        if (!failed) break;
        const CrashReplay replay(at("before"), steps);
        replay.write_state(at("store"), replay.steps(), nth);
        const auto release = whole_release();
        SCOPED_TRACE("call " + std::to_string(nth));
        EXPECT_TRUE(release == old || release.starts_with(old + '+') || release.starts_with("2-")) << release;
        if (claimed) {
            EXPECT_THAT(release, StartsWith("2-")) << "what it reported as imported survives a cut";
        }
        if (HasFailure()) return;
    }
}

}  // namespace
}  // namespace riverlight::test
