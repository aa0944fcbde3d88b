#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <vector>

#include "content/base/crypto.hpp"
#include "tools/office/client_address.hpp"
#include "tools/office/router.hpp"

namespace riverlight::office {

struct OfficeSettings {
    std::string state_folder;  ///< holds office.db, office.key, channel/
    std::string channel_url, trusted_root, ca_file;
    std::string zone = "Asia/Bangkok";  ///< IANA: whose today a page opens on
    bool behind_tls = false;  ///< a TLS proxy forwards requests: browsers use HTTPS alone from then on
    /// Addresses of proxies whose X-Forwarded-For counts. Empty: this machine's own behind TLS, else none.
    std::vector<std::string> proxies{};
};

/// `<folder>/office.key`, which signs receipts; made on first use.
[[nodiscard]] SigningKey load_office_key(const std::string& folder);

/// Puts the parts of the office together and keeps its plans up to date. On the loop's thread.
class Office {
  public:
    /// Throws Error if the state folder cannot be used.
    Office(boost::asio::io_context& loop, const OfficeSettings& settings, std::function<Instant()> now);
    [[nodiscard]] http::Response answer(const http::Request& request);
    void stop();
    [[nodiscard]] bool is_fetching() const { return channel_.is_fetching(); }

  private:
    [[nodiscard]] PlaceFacts facts_of(const std::string& place) const;
    void file_airings();
    void handle_release();
    void store_plans_hourly();

    std::function<Instant()> now_;
    OfficeStore store_;
    SigningKey key_;
    bool behind_tls_;
    NamedProxies proxies_;
    Access access_;
    ChannelFollower channel_;
    Comparer comparer_;
    Intake intake_;
    Services services_;
    boost::asio::steady_timer hour_;
};

}  // namespace riverlight::office
