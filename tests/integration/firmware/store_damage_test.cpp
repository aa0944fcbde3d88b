// Every file of a board's store, damaged in every way, without a network: the right programme is put on, at
// the start and while it runs, the damage is said, and then repaired. No release that is older is let in.
#include "content/store/scrub.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/staging/playable.hpp"
#include "firmware/staging/stager.hpp"
#include "tests/integration/content/channel_fixture.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/volume.hpp"

namespace riverlight::test {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

struct Damage {
    const char* kind;
    std::function<void(const std::string& path)> apply;
};

void bend(const std::string& path, std::size_t at) {
    auto bytes = read_file(path, 1U << 24);
    bytes[at % bytes.size()] = static_cast<char>(bytes[at % bytes.size()] ^ (1 << at % 7));
    std::ofstream(path, std::ios::binary) << bytes;
}

const std::vector<Damage> damages{
    {"first bit flipped", [](const auto& path) { bend(path, 0); }},
    {"middle bit flipped", [](const auto& path) { bend(path, fs::file_size(path) / 2); }},
    {"last bit flipped", [](const auto& path) { bend(path, fs::file_size(path) - 2); }},
    {"cut", [](const auto& path) { fs::resize_file(path, fs::file_size(path) / 2); }},
    {"empty", [](const auto& path) { fs::resize_file(path, 0); }},
    {"gone", [](const auto& path) { fs::remove(path); }},
    {"a folder", [](const auto& path) { fs::remove(path), fs::create_directories(path + "/with/more"); }},
    {"a link to nowhere", [](const auto& path) { fs::remove(path), fs::create_symlink("/nowhere", path); }},
    {"a link to zeros", [](const auto& path) { fs::remove(path), fs::create_symlink("/dev/zero", path); }}};

class StoreDamage : public Channel {
  protected:
    void SetUp() override {
        Channel::SetUp();
        static_cast<void>(publish());
        old_tree_ = at("old-tree");
        fs::copy(at("tree"), old_tree_, fs::copy_options::recursive);
        static_cast<void>(sync());
        publish_segments({{"false-promise", "the picture of one"}, {"second", "the picture of two"}});
        static_cast<void>(sync());
        release_ = load()->release;
        const std::atomic<bool> never = false;
        static_cast<void>(content::scrub(at("store"), 1U << 30, never));
        fs::copy(at("store"), at("whole"), fs::copy_options::recursive);
    }
    void restore() const {
        fs::remove_all(at("store"));
        fs::copy(at("whole"), at("store"), fs::copy_options::recursive);
    }
    /// Calls `check` with each damage to each file but media and what is only notes for the scrub.
    void each_damage(const std::function<void(const std::string& name)>& check) const {
        std::size_t tried = 0;
        for (const auto& entry : fs::recursive_directory_iterator(at("whole"))) {
            const auto name = fs::relative(entry.path(), at("whole")).string();
            if (!entry.is_regular_file() || name.starts_with("media/") || entry.file_size() == 0) continue;
            for (const auto& damage : damages) {
                if (tried++ % case_stride != 0) continue;
                restore();
                damage.apply(at("store/" + name));
                SCOPED_TRACE(name + ": " + damage.kind);
                check(name);
                if (HasFatalFailure()) return;
            }
        }
    }
    content::SyncResult visit(const std::string& tree, std::vector<std::string>* found = nullptr) {
        auto o = options();
        o.channel_url = "file://" + tree;
        o.require_playable = [this](const content::Facts& facts) {
            firmware::require_playable(facts, "kh-1", now_);
        };
        if (found) o.on_damage = [found](const std::string& path) { found->push_back(path); };
        return content::sync_channel(o, now_, {});
    }
    [[nodiscard]] std::unique_ptr<firmware::ProgrammeStager> stager() {
        return std::make_unique<firmware::ProgrammeStager>(
            loop_, content::Store(at("store")), firmware::StagingSetup{"kh-1", false, {}, "screen"}, time_,
            journal_, [](const auto&) {});
    }
    void expect_programme(const firmware::ProgrammeStager& staging) const {
        ASSERT_TRUE(staging.programme()) << staging.fault();
        EXPECT_EQ(staging.programme()->content->release, release_);
        EXPECT_EQ(staging.fault(), "");
        EXPECT_THAT(staging.programme()->content->missing, IsEmpty());
        EXPECT_EQ(staging.programme()->content->catalogue.segments.size(), 2U);
    }

    std::string old_tree_, release_;
    std::atomic<bool> never_ = false;
    Folder state_;
    firmware::Journal journal_{state_ / "journal.db", "kh-1"};
    firmware::SystemTime system_{now_, MonotonicTime(20s), true, 12ms};
    firmware::Timekeeper time_{journal_, {"kh-1", "boot-a", {}, [this] { return system_; }}};
    boost::asio::io_context loop_;
};

TEST_F(StoreDamage, case_40_the_right_programme_is_on_without_a_network_at_the_start_and_later) {
    const auto running = stager();
    running->load_current();
    std::size_t files = 0;
    each_damage([&](const std::string&) {
        ++files;
        const auto starting = stager();
        starting->load_current();
        expect_programme(*starting);
        running->load_current();
        expect_programme(*running);
    });
    EXPECT_GT(files, 150U / case_stride);
}

TEST_F(StoreDamage, case_40_what_is_kept_twice_is_said_and_then_repaired_without_a_network) {
    each_damage([&](const std::string& name) {
        std::vector<std::string> found;
        EXPECT_THROW(static_cast<void>(visit(at("no-tree"), &found)), Error);
        const auto report = content::scrub(at("store"), 1U << 30, never_);
        EXPECT_THAT(report.damaged, IsEmpty());
        found.insert(found.end(), report.repaired.begin(), report.repaired.end());
        const auto folder = fs::path(name).parent_path().string();
        const bool twice = folder == "targets" || folder == "copies" || name == "trust/root.json" ||
                           folder == "trust.copies" || folder == "trust/seen" ||
                           name.starts_with("current") || name.starts_with("good");
        if (!twice) return;
        EXPECT_THAT(found, Not(IsEmpty()));
        EXPECT_EQ(read_file(at("store/" + name), 1U << 20), read_file(at("whole/" + name), 1U << 20));
        found.clear();
        EXPECT_THROW(static_cast<void>(visit(at("no-tree"), &found)), Error);
        EXPECT_THAT(found, IsEmpty());
    });
}

TEST_F(StoreDamage, case_40_the_next_visit_repairs_everything_and_takes_nothing_older) {
    each_damage([&](const std::string& name) {
        EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(visit(old_tree_)); }),
                    Refuses(TrustFault::rollback, ""));
        EXPECT_FALSE(visit(at("tree")).refused);
        EXPECT_EQ(load()->release, release_);
        std::vector<std::string> found;
        static_cast<void>(visit(at("tree"), &found));
        EXPECT_THAT(found, IsEmpty());
        if (name.starts_with("trust/") && name.find("seen") == std::string::npos) {
            EXPECT_EQ(read_file(at("store/" + name), 1U << 20), read_file(at("whole/" + name), 1U << 20));
        }
    });
}

TEST_F(StoreDamage, case_40_whole_folders_may_be_lost) {
    for (const auto* folder :
         {"targets", "copies", "trust", "trust.copies", "trust/seen", "staging", "damaged"}) {
        for (const bool file : {false, true}) {
            SCOPED_TRACE(std::string(folder) + (file ? " is a file" : " is gone"));
            restore();
            fs::remove_all(at(std::string("store/") + folder));
            if (file) write(std::string("store/") + folder, "x");
            const auto starting = stager();
            starting->load_current();
            expect_programme(*starting);
            EXPECT_THAT(refused<TrustFault>([&] { static_cast<void>(visit(old_tree_)); }),
                        Refuses(TrustFault::rollback, ""));
            EXPECT_FALSE(visit(at("tree")).refused);
            EXPECT_EQ(load()->release, release_);
            EXPECT_THAT(content::scrub(at("store"), 1U << 30, never_).damaged, IsEmpty());
        }
    }
}

TEST_F(StoreDamage, case_40_damaged_media_are_left_out_and_never_removed_without_a_replacement) {
    const auto name = name_of("the picture of two");
    for (const auto& damage : damages) {
        SCOPED_TRACE(damage.kind);
        restore();
        damage.apply(at("store/media/" + name));
        EXPECT_THROW(static_cast<void>(visit(at("no-tree"))), Error);
        static_cast<void>(content::scrub(at("store"), 1U << 30, never_));
        const auto starting = stager();
        starting->load_current();
        ASSERT_TRUE(starting->programme());
        EXPECT_EQ(starting->programme()->content->release, release_);
        EXPECT_THAT(starting->programme()->content->missing, ::testing::ElementsAre(name));
        const bool had_bytes =
            damage.kind != std::string_view("gone") && std::string_view(damage.kind).substr(0, 2) != "a ";
        EXPECT_EQ(fs::exists(at("store/damaged/" + name)), had_bytes);
        EXPECT_TRUE(visit(at("tree")).changed);
        EXPECT_THAT(load()->missing, IsEmpty());
        EXPECT_FALSE(fs::exists(at("store/damaged/" + name)));
    }
}

}  // namespace
}  // namespace riverlight::test
