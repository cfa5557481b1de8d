#include "server/relay/remote.hpp"

#include <boost/url/parse.hpp>
#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace leerspoor::server::relay {
namespace {

constexpr std::size_t most_bytes = 64u << 20;
constexpr long most_seconds = 120;
constexpr long most_seconds_to_connect = 15;

struct Reading {
    RemoteResponse response;
    const std::atomic<bool>* stop = nullptr;
};

std::size_t read_body(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& body = static_cast<Reading*>(to)->response.body;
    if (body.size() + size * count > most_bytes) return 0; // which ends it
    body.append(bytes, size * count);
    return size * count;
}

std::size_t read_field(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& fields = static_cast<Reading*>(to)->response.fields;
    const std::string_view line(bytes, size * count);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return size * count;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
        value.remove_suffix(1);
    fields.insert_or_assign(std::move(name), std::string(value));
    return size * count;
}

int has_to_stop(void* reading, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Reading*>(reading)->stop->load() ? 1 : 0;
}

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

} // namespace

std::optional<std::string> origin_of(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || (parsed->scheme() != "https" && parsed->scheme() != "http") || parsed->host().empty() ||
        parsed->has_userinfo())
        return std::nullopt;
    return std::string(parsed->scheme()) + "://" + std::string(parsed->encoded_host_and_port());
}

Result<RemoteResponse> ask_remote(const RemoteRequest& request, const std::atomic<bool>& stop) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    // Kept for the connection that it has open; one a thread.
    thread_local const std::unique_ptr<CURL, FreeHandle> kept(curl_easy_init());
    CURL* const handle = kept.get();
    if (!handle) return Error{"remote_unreachable", "", "There is no memory to ask another server."};
    curl_easy_reset(handle);
    Reading reading;
    reading.stop = &stop;
    std::unique_ptr<curl_slist, FreeList> fields;
    const auto add = [&](const std::string& line) {
        if (auto* const longer = curl_slist_append(fields.get(), line.c_str())) {
            static_cast<void>(fields.release());
            fields.reset(longer);
        }
    };
    for (const auto& [name, value] : request.fields) add(name + ": " + value);
    add("Expect:"); // what is refused is refused after it was sent: they are small
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, most_seconds);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, most_seconds_to_connect);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "Leerspoor/" LEERSPOOR_VERSION);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields.get());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, read_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reading);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, read_field);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &reading);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, has_to_stop);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &reading);
    if (!request.key.empty()) {
        curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(handle, CURLOPT_USERNAME, request.key.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, request.secret.c_str());
    }
    if (request.method == "POST") {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    }
    curl_blob trusted{};
    if (!request.certificate.empty()) {
        trusted.data = const_cast<char*>(request.certificate.data()); // NOLINT: copied by libcurl
        trusted.len = request.certificate.size();
        trusted.flags = CURL_BLOB_COPY;
        curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &trusted);
    }
    const auto done = curl_easy_perform(handle);
    if (done != CURLE_OK)
        return Error{"remote_unreachable", "",
                     std::string("The other server does not answer: ") + curl_easy_strerror(done) + "."};
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    reading.response.status = static_cast<int>(status);
    return std::move(reading.response);
}

} // namespace leerspoor::server::relay
