#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

namespace riverlight::upload {

/// Why a tree does not get to its destination.
enum class UploadFault : std::uint8_t {
    address,      ///< of no form that is known
    credentials,  ///< none are set, or they are refused
    refused,      ///< the server says no: its reason is in the message
    unreachable,  ///< no answer, or the connection broke
    disk,         ///< a folder cannot be written
    vanished,     ///< a file of the tree was removed meanwhile
};
using UploadError = Refused<UploadFault>;

/// Whether a file of a tree is replaced under its name: timestamp.json, and the office's head beside it
/// (content/audit). All others never change.
[[nodiscard]] bool is_replaced(std::string_view path);

/// One file on its way.
struct Upload {
    std::string path;   ///< in the tree; its bytes never change, unless may_change()
    std::string bytes;  ///< of a small file that may be replaced meanwhile; empty: read `file`
    std::string file;   ///< on this disk
    [[nodiscard]] bool may_change() const { return is_replaced(path); }
    [[nodiscard]] const char* media_type() const;
    /// RFC 9111: a cache may keep what never changes for a year, and asks for the rest each time.
    [[nodiscard]] const char* cache_control() const;
};

/// Where a tree is copied to. For one thread. Calls throw UploadError after some tries.
class Destination {
  public:
    virtual ~Destination() = default;
    /// Where files go, without secrets: two addresses that lead to one place have one name, and one address
    /// that leads elsewhere another.
    [[nodiscard]] virtual std::string name() const = 0;
    /// Readers see the former bytes or the new ones; in a bucket and a folder never a part, nor none.
    virtual void put(const Upload& upload) = 0;
    /// One that is not there is no error.
    virtual void remove(const std::string& path) = 0;
};

struct DestinationOptions {
    std::string ssh_key;  ///< private key for sftp://; empty: what the agent and libssh2 offer
};

/// Opens the destination of an address. Throws UploadError.
///   `s3://BUCKET[/PREFIX]`: AWS Signature Version 4 with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
///     AWS_SESSION_TOKEN, AWS_REGION, and AWS_ENDPOINT_URL for another provider, all from the environment.
///   `sftp://[USER@]HOST[:PORT]/PATH`: the host's key must be in ~/.ssh/known_hosts.
///   anything else: a folder.
[[nodiscard]] std::unique_ptr<Destination> open_destination(const std::string& address,
                                                            const DestinationOptions& options);

}  // namespace riverlight::upload
