#include "firmware/update/updater.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::ImageFault;
using content::SystemVersion;
using content::UpdateFault;
using content::UpdateState;
using content::UpdateWait;
using content::Wave;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant midnight = *from_rfc3339("2026-12-01T00:00:00Z");
const std::string boot = "boot-1", digest(64, 'a'), other_digest(64, 'b');

SystemVersion version(const char* text) {
    return *SystemVersion::parse(text);
}
Wave wave(const char* text = "0.2.0", const std::string& sha256 = digest) {
    Wave out{version(text), sha256};
    out.bytes = 1000;
    out.share = 100;
    return out;
}

SlotReport slots(SlotRecord a, SlotRecord b, SystemSlot first = SystemSlot::a,
                 SystemSlot running = SystemSlot::a) {
    return {running, {1, first, {a, b}}};
}
const SlotRecord sure{SlotTrust::sure}, unsure{SlotTrust::unsure}, empty{SlotTrust::empty};
const SlotReport factory = slots(sure, empty);

ChannelOffer offer(BundlePresence bundle, UpdateWait wait = UpdateWait::none, const Wave& of = wave()) {
    ChannelOffer out;
    out.choice = {of, wait, {}};
    out.bundle = bundle;
    if (bundle == BundlePresence::whole) out.since = midnight;
    out.signed_until = midnight + std::chrono::days(7);
    return out;
}
const auto here = offer(BundlePresence::whole);
constexpr UpdateMoment night{true, true}, day{false, true};

class UpdaterTest : public testing::Test {
  protected:
    std::vector<UpdateAction> handle(const UpdateEvent& event) {
        auto actions = updater_.handle(event, now_, monotonic_);
        for (const auto& action : actions)
            if (const auto* asked = std::get_if<AskInstaller>(&action)) asked_ = asked->request;
        return actions;
    }
    void pass(std::chrono::microseconds time) {
        now_ += time;
        monotonic_ += time;
    }
    /// A new start of the board, with what it remembers.
    void start_again(const std::string& boot_id, const char* runs = "0.1.0") {
        updater_ = Updater({{"riverlight-amd64-uefi", version(runs)}, boot_id, updater_.note()}, monotonic_);
    }
    /// Up to the installer's work.
    void install() {
        handle(SlotsSeen{factory});
        handle(here);
        handle(night);
        ASSERT_EQ(state(), UpdateState::installing);
    }
    /// Up to the next start of the board.
    void install_and_restart() {
        install();
        handle(InstallerAnswer{asked_.number, true, UpdateFault::none, {}});
        handle(SlotsSeen{slots(sure, unsure, SystemSlot::b)});
        handle(night);
        start_again("boot-2", "0.2.0");
    }
    [[nodiscard]] UpdateState state() const { return *updater_.report().state; }
    [[nodiscard]] UpdateWait wait() const { return *updater_.report().wait; }
    [[nodiscard]] UpdateFault last() const { return updater_.report().last.value().fault; }
    [[nodiscard]] bool is_barred() const { return updater_.note().barred().contains(digest); }

    Instant now_ = midnight;
    MonotonicTime monotonic_{};
    InstallerRequest asked_{};  ///< the last request
    Updater updater_{{{"riverlight-amd64-uefi", version("0.1.0")}, boot, {}}, monotonic_};
};

TEST_F(UpdaterTest, ABundleIsFetchedInstalledInTheNightAndStarted) {
    handle(SlotsSeen{factory});
    handle(offer(BundlePresence::absent));
    EXPECT_EQ(state(), UpdateState::wanted);
    handle(offer(BundlePresence::part));
    EXPECT_EQ(state(), UpdateState::fetching);
    handle(here);
    EXPECT_THAT(handle(day), IsEmpty());
    EXPECT_EQ(state(), UpdateState::ready);
    EXPECT_EQ(wait(), UpdateWait::open);
    EXPECT_EQ(updater_.report().target, "0.2.0");
    const InstallerRequest request{1, InstallerTask::install, digest, "0.2.0"};
    EXPECT_THAT(handle(night), ElementsAre(KeepNote{}, AskInstaller{request}));
    EXPECT_EQ(state(), UpdateState::installing);
    handle(InstallerAnswer{1, false, UpdateFault::none, {}});
    handle(SlotsSeen{slots(sure, empty)});
    handle(SlotsSeen{slots(sure, unsure, SystemSlot::b)});
    EXPECT_EQ(state(), UpdateState::installing);
    EXPECT_THAT(handle(InstallerAnswer{1, true, UpdateFault::none, {}}),
                ElementsAre(KeepNote{}, RemoveBundle{digest}));
    EXPECT_EQ(state(), UpdateState::restart_due);
    EXPECT_TRUE(is_barred()) << "it is not fetched again";
    EXPECT_THAT(handle(day), IsEmpty());
    EXPECT_EQ(wait(), UpdateWait::open);
    EXPECT_THAT(handle(night), Contains(AskInstaller{{2, InstallerTask::restart, {}, {}}}));
    start_again("boot-2", "0.2.0");
    handle(SlotsSeen{slots(sure, unsure, SystemSlot::b, SystemSlot::b)});
    EXPECT_EQ(state(), UpdateState::unsure);
    handle(SlotsSeen{slots(sure, sure, SystemSlot::b, SystemSlot::b)});
    EXPECT_EQ(state(), UpdateState::none);
    EXPECT_EQ(last(), UpdateFault::none);
    EXPECT_EQ(updater_.report().last->version, "0.2.0");
    EXPECT_EQ(updater_.note().slot_versions, (std::array<std::string, 2>{"0.1.0", "0.2.0"}));
}

TEST_F(UpdaterTest, AnUpdateThatIsReadyWaitsForWhatItNeeds) {
    EXPECT_THAT(handle(offer(BundlePresence::whole)), IsEmpty());
    EXPECT_THAT(handle(night), IsEmpty());
    EXPECT_EQ(wait(), UpdateWait::slots);
    handle(SlotsSeen{slots(unsure, unsure)});
    start_again(boot);
    handle(SlotsSeen{slots({SlotTrust::failed, SlotFault::did_not_play}, sure, SystemSlot::b)});
    handle(here);
    EXPECT_THAT(handle(night), IsEmpty());
    EXPECT_EQ(wait(), UpdateWait::unproved) << "no sure slot would be left";
    handle(SlotsSeen{factory});
    EXPECT_THAT(handle(UpdateMoment{true, false}), IsEmpty());
    EXPECT_EQ(wait(), UpdateWait::clock);
    for (const auto why : {UpdateWait::hold, UpdateWait::start}) {
        handle(offer(BundlePresence::whole, why));
        EXPECT_THAT(handle(night), IsEmpty());
        EXPECT_EQ(wait(), why);
    }
    handle(here);
    pass(std::chrono::days(7) + 1s);
    EXPECT_THAT(handle(night), IsEmpty());
    EXPECT_EQ(wait(), UpdateWait::expired);
}

TEST_F(UpdaterTest, AWaveThatGoesOnIsInstalled) {
    handle(SlotsSeen{factory});
    handle(offer(BundlePresence::whole, UpdateWait::hold));
    EXPECT_THAT(handle(night), IsEmpty());
    handle(here);
    EXPECT_THAT(handle(night), Contains(testing::VariantWith<AskInstaller>(testing::_)));
}

TEST_F(UpdaterTest, APlaceThatDoesNotCloseWaitsNoLongerThanTheWave) {
    handle(SlotsSeen{factory});
    auto patient = here;
    patient.choice.wave->patience = std::chrono::days(2);
    handle(patient);
    pass(std::chrono::days(2) - 1s);
    EXPECT_THAT(handle(day), IsEmpty());
    pass(1s);
    EXPECT_THAT(handle(day), Contains(testing::VariantWith<AskInstaller>(testing::_)));
    handle(InstallerAnswer{1, true, UpdateFault::none, {}});
    EXPECT_THAT(handle(day), Contains(testing::VariantWith<AskInstaller>(testing::_)))
        << "nor does it wait for the restart";
}

TEST_F(UpdaterTest, WhatKeepsABundleAwayIsSaid) {
    handle(SlotsSeen{factory});
    const std::map<ImageFault, UpdateWait> expected{{ImageFault::unreachable, UpdateWait::unreachable},
                                                    {ImageFault::unusable, UpdateWait::unusable},
                                                    {ImageFault::no_room, UpdateWait::no_room},
                                                    {ImageFault::disk, UpdateWait::disk}};
    for (const auto& [fault, why] : expected) {
        auto without = offer(BundlePresence::absent);
        without.trouble = content::ImageTrouble{fault, "why"};
        handle(without);
        handle(night);
        EXPECT_EQ(state(), UpdateState::wanted);
        EXPECT_EQ(wait(), why);
        EXPECT_EQ(updater_.why_it_waits(), "why");
    }
}

TEST_F(UpdaterTest, AChannelThatHasOnlyOlderVersionsChangesNothing) {
    handle(SlotsSeen{factory});
    ChannelOffer older;
    older.choice = {{}, UpdateWait::not_newer, version("0.0.9")};
    handle(older);
    EXPECT_THAT(handle(night), IsEmpty());
    EXPECT_EQ(state(), UpdateState::none);
    EXPECT_EQ(wait(), UpdateWait::not_newer);
    EXPECT_EQ(updater_.report().target, "0.0.9");
}

TEST_F(UpdaterTest, ARefusalThatMayPassIsTriedThreeTimesAnHourApart) {
    for (const auto fault : {UpdateFault::install_failed, UpdateFault::no_bundle, UpdateFault::bad_digest}) {
        install();
        handle(InstallerAnswer{asked_.number, true, fault, "why"});
        EXPECT_EQ(state(), UpdateState::none);
        EXPECT_EQ(last(), fault);
        EXPECT_EQ(updater_.note().last_why, "why");
        handle(here);
        EXPECT_THAT(handle(night), IsEmpty());
        EXPECT_EQ(wait(), UpdateWait::pause);
        pass(1h);
    }
    EXPECT_TRUE(is_barred());
}

TEST_F(UpdaterTest, DamagedBytesAreFetchedAgain) {
    install();
    EXPECT_THAT(handle(InstallerAnswer{asked_.number, true, UpdateFault::bad_digest, {}}),
                Contains(RemoveBundle{digest}));
    EXPECT_FALSE(is_barred());
}

TEST_F(UpdaterTest, ABundleThatIsRefusedForGoodIsNeverTriedAgain) {
    for (const auto fault : {UpdateFault::not_newer, UpdateFault::other_kind, UpdateFault::bad_signature}) {
        updater_ = Updater({{"riverlight-amd64-uefi", version("0.1.0")}, boot, {}}, monotonic_);
        install();
        EXPECT_THAT(handle(InstallerAnswer{asked_.number, true, fault, "why"}),
                    Contains(RemoveBundle{digest}));
        EXPECT_TRUE(is_barred());
        EXPECT_EQ(last(), fault);
    }
}

TEST_F(UpdaterTest, AnInstallerThatDoesNotBeginOrEndIsNotWaitedForForever) {
    install();
    pass(Updater::begins_within - 1s);
    EXPECT_THAT(handle(night), IsEmpty());
    pass(1s);
    EXPECT_THAT(handle(night), Contains(WithdrawRequest{}));
    EXPECT_EQ(last(), UpdateFault::no_answer);
    pass(1h);
    install();
    handle(InstallerAnswer{asked_.number, false, UpdateFault::none, {}});
    pass(Updater::ends_within - 1s);
    EXPECT_THAT(handle(night), IsEmpty());
    pass(1s);
    handle(night);
    EXPECT_EQ(state(), UpdateState::none);
    EXPECT_EQ(last(), UpdateFault::no_answer);
}

TEST_F(UpdaterTest, AnAnswerToAnEarlierRequestIsIgnored) {
    install();
    EXPECT_THAT(handle(InstallerAnswer{asked_.number + 1, true, UpdateFault::install_failed, {}}), IsEmpty());
    EXPECT_EQ(state(), UpdateState::installing);
}

TEST_F(UpdaterTest, ADaemonThatStartsAgainWaitsForTheInstaller) {
    install();
    start_again(boot);
    EXPECT_EQ(state(), UpdateState::installing);
    handle(SlotsSeen{slots(sure, unsure, SystemSlot::b)});
    EXPECT_EQ(state(), UpdateState::installing);
    handle(InstallerAnswer{asked_.number, true, UpdateFault::none, {}});
    EXPECT_EQ(state(), UpdateState::restart_due);
    start_again(boot);
    handle(SlotsSeen{slots(sure, unsure, SystemSlot::b)});
    EXPECT_EQ(state(), UpdateState::restart_due);
    EXPECT_EQ(updater_.report().target, "0.2.0");
}

TEST_F(UpdaterTest, APowerCutDuringAnInstallationIsSaidAndTriedAgain) {
    install();
    start_again("boot-2");
    EXPECT_EQ(state(), UpdateState::none) << "no installer runs any more";
    handle(SlotsSeen{factory});
    EXPECT_EQ(last(), UpdateFault::interrupted);
    EXPECT_FALSE(is_barred());
}

TEST_F(UpdaterTest, APowerCutBetweenInstallationAndAnswerStartsTheNewSystem) {
    install();
    start_again("boot-2", "0.2.0");
    handle(SlotsSeen{slots(sure, unsure, SystemSlot::b, SystemSlot::b)});
    EXPECT_EQ(state(), UpdateState::unsure);
    handle(SlotsSeen{slots(sure, sure, SystemSlot::b, SystemSlot::b)});
    EXPECT_EQ(last(), UpdateFault::none);
}

TEST_F(UpdaterTest, ABoardThatWentBackSaysWhyAndDoesNotTryAgain) {
    const std::map<SlotFault, UpdateFault> expected{{SlotFault::did_not_play, UpdateFault::did_not_play},
                                                    {SlotFault::starts_used, UpdateFault::starts_used},
                                                    {SlotFault::root_damaged, UpdateFault::root_damaged},
                                                    {SlotFault::unknown, UpdateFault::unknown}};
    for (const auto& [of_slot, told] : expected) {
        updater_ = Updater({{"riverlight-amd64-uefi", version("0.1.0")}, boot, {}}, monotonic_);
        install_and_restart();
        handle(SlotsSeen{slots(sure, unsure, SystemSlot::b, SystemSlot::b)});
        start_again("boot-3");
        handle(SlotsSeen{slots(sure, {SlotTrust::failed, of_slot})});
        EXPECT_EQ(state(), UpdateState::none);
        EXPECT_EQ(last(), told);
        EXPECT_EQ(updater_.report().last->version, "0.2.0");
        EXPECT_TRUE(is_barred());
    }
}

TEST_F(UpdaterTest, AHoldStopsTheRestartIntoWhatIsInstalled) {
    install();
    handle(InstallerAnswer{asked_.number, true, UpdateFault::none, {}});
    ChannelOffer held;
    held.held.emplace(version("0.2.0"), "screens stay dark");
    handle(held);
    EXPECT_EQ(state(), UpdateState::restart_due);
    EXPECT_THAT(handle(night), IsEmpty());
    EXPECT_EQ(wait(), UpdateWait::hold);
    EXPECT_EQ(updater_.why_it_waits(), "screens stay dark");
    handle(ChannelOffer{});
    EXPECT_THAT(handle(night), Contains(testing::VariantWith<AskInstaller>(testing::_)));
    pass(59min);
    EXPECT_THAT(handle(night), IsEmpty()) << "it was asked for";
    pass(1min);
    EXPECT_THAT(handle(night), Contains(testing::VariantWith<AskInstaller>(testing::_)));
}

TEST_F(UpdaterTest, WhatBeganEndsThoughTheChannelHasNothingAnyMore) {
    install();
    handle(ChannelOffer{});
    EXPECT_EQ(state(), UpdateState::installing);
    handle(InstallerAnswer{asked_.number, true, UpdateFault::none, {}});
    EXPECT_EQ(state(), UpdateState::restart_due);
}

TEST_F(UpdaterTest, AStepThatAStateDoesNotExpectIsAFault) {
    install();
    EXPECT_THROW(handle(SlotsSeen{slots(unsure, empty)}), Error) << "nothing was to be installed then";
}

}  // namespace
}  // namespace riverlight::firmware
