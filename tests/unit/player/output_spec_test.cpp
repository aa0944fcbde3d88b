// How outputs are written, and what is refused.
#include "player/cue/output_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/refusal.hpp"

namespace riverlight::player {
namespace {

using test::Means;
using test::Refuses;
using testing::AllOf;
using namespace std::chrono_literals;
using Kind = OutputSpec::Kind;

std::optional<ReadError> refusal(const std::string& spec) {
    return test::unread([&] { static_cast<void>(parse_output(spec)); });
}

TEST(OutputSpec, ParsesEveryKindWithItsSettings) {
    EXPECT_EQ(parse_output("window").kind, Kind::window);
    EXPECT_EQ(parse_output("capture:/x").path, "/x");
    EXPECT_EQ(parse_output("null").width, 1280);
    EXPECT_EQ(parse_output("null?size=1080x1920").width, 1080);
    EXPECT_EQ(parse_output("null?size=1080x1920").height, 1920);
    EXPECT_THAT(refusal("null?size=1920x1081"), Refuses(ReadFault::malformed, "size"));
    for (const auto* wrong : {"null?size=1920", "null?size=8000x2000", "null?size=x", "null?size="})
        EXPECT_THAT(refusal(wrong), Refuses(ReadFault::out_of_range, "size")) << wrong;
    EXPECT_THAT(refusal("window?size=1920x1080"), Refuses(ReadFault::unknown, "size"));
    EXPECT_THAT(refusal("drm?size=1920x1080"), Refuses(ReadFault::unsupported, "kind"));
    EXPECT_EQ(parse_output("file:/a?b.ts").path, "/a?b.ts") << "a path may hold a question mark";
    const auto hours = parse_output("file:/srv/feed/");
    EXPECT_EQ(hours.kind, Kind::hours);
    EXPECT_EQ(hours.path, "/srv/feed");
    const auto udp = parse_output("udp://239.1.1.1:5004?ttl=16&interface=eth1");
    EXPECT_EQ(udp.host, "239.1.1.1");
    EXPECT_EQ(udp.port, 5004);
    EXPECT_EQ(udp.ttl, 16);
    EXPECT_EQ(udp.interface, "eth1");
    EXPECT_EQ(parse_output("rtp://[ff15::1]:6000").host, "ff15::1");
    const auto srt = parse_output("srt://:9000?mode=listener&latency=400&key=32&passphrase=ten%20letters%25");
    EXPECT_TRUE(srt.listener);
    EXPECT_EQ(srt.latency, 400ms);
    EXPECT_EQ(srt.key_bytes, 32);
    EXPECT_EQ(srt.passphrase, "ten letters%");
    const auto hls = parse_output("hls:/run/x/?seconds=4&window=5");
    EXPECT_EQ(hls.path, "/run/x");
    EXPECT_EQ(hls.segment, 4s);
    EXPECT_EQ(hls.window, 5);
    EXPECT_EQ(parse_output("hls:").path, "") << "a board gives it a folder";
}

TEST(OutputSpec, RefusesWhatCannotWorkAndNamesWhatWasMeant) {
    EXPECT_THAT(refusal("television"),
                AllOf(Refuses(ReadFault::unsupported, "kind"), Means(""), test::Of("output 'television'")));
    EXPECT_THAT(refusal("udb://1.2.3.4:5"), AllOf(Refuses(ReadFault::unsupported, "kind"), Means("udp://")));
    EXPECT_THAT(refusal("udp://1.2.3.4"), Refuses(ReadFault::malformed, "port"));
    EXPECT_THAT(refusal("udp://1.2.3.4:70000"), Refuses(ReadFault::out_of_range, "port"));
    EXPECT_THAT(refusal("udp://:5004"), Refuses(ReadFault::missing, "host"));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?tll=3"), AllOf(Refuses(ReadFault::unknown, "tll"), Means("ttl")));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?ttl=256"), Refuses(ReadFault::out_of_range, "ttl"));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?ttl=0"), Refuses(ReadFault::out_of_range, "ttl"));
    EXPECT_THAT(refusal("udp://1.2.3.4:5?latency=3"), Refuses(ReadFault::unknown, "latency"));
    EXPECT_THAT(refusal("srt://h:5?mode=both"), Refuses(ReadFault::malformed, "mode"));
    EXPECT_THAT(refusal("srt://h:5?key=20"), Refuses(ReadFault::out_of_range, "key"));
    for (const auto size : {9U, 80U})
        EXPECT_THAT(refusal("srt://h:5?passphrase=" + std::string(size, 'x')),
                    Refuses(ReadFault::out_of_range, "passphrase"))
            << size;
    EXPECT_THAT(refusal("srt://h:5?streamid=%zz"), Refuses(ReadFault::malformed, "streamid"));
    EXPECT_THAT(refusal("srt://h:5?streamid=%00"), Refuses(ReadFault::malformed, "streamid"));
    EXPECT_THAT(refusal("file:"), Refuses(ReadFault::missing, "path"));
    EXPECT_THAT(refusal("udp://" + std::string(3000, 'x')), Refuses(ReadFault::too_large, ""));
}

TEST(OutputSpec, ARefusalNamesWhatIsKnown) {
    const auto unknown = refusal("udp://1.2.3.4:5?tll=3");
    ASSERT_TRUE(unknown);
    EXPECT_STREQ(unknown->what(),
                 "output 'udp://1.2.3.4:5?tll=3': 'tll' is not one of its settings; known: ttl, interface "
                 "(did you mean "
                 "'ttl'?)");
}

TEST(OutputSpec, APassphraseIsNeverShown) {
    const std::string secret = "correcthorse";
    EXPECT_EQ(parse_output("srt://h:5?passphrase=" + secret + "&latency=200").name,
              "srt://h:5?passphrase=…&latency=200");
    EXPECT_THAT(refusal("srt://h:5?passphrase=" + secret + "&mode=x"),
                AllOf(Refuses(ReadFault::malformed, "mode"), test::Hides(secret)));
    EXPECT_THAT(refusal("str://h:5?passphrase=" + secret),
                AllOf(Refuses(ReadFault::unsupported, "kind"), test::Hides(secret)));
}

}  // namespace
}  // namespace riverlight::player
