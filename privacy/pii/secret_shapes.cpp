// What is known of the services' keys: their own documents, and the collection of
// gitleaks (MIT) as a source of facts.
#include "privacy/pii/secret_shapes.hpp"

#include <array>
#include <cmath>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr token_shape all_token_shapes[] = {
    {"1Password", "A3-", "U{6}-U{6,11}-U{5}-U{5}-U{5}"},
    {"1Password service account", "ops_eyJ", "b{250,4000}"},
    {"Adobe client secret", "p8e-", "a{32}"},
    {"age", "AGE-SECRET-KEY-1", "U{58}"},
    {"Airtable", "pat", "A{14}.x{64}"},
    {"Alibaba", "LTAI", "A{20}"},
    {"Anthropic", "sk-ant-api03-", "w{93}AA", 3},
    {"Anthropic admin", "sk-ant-admin01-", "w{93}AA", 3},
    {"Anthropic", "sk-ant-", "w{20,200}", 3},
    {"Artifactory", "AKCp", "A{69}", 3},
    {"Artifactory reference", "cmVmd", "A{59}", 3},
    {"Asana", "0/", "x{32}", 3},
    {"Atlassian", "ATATT3", "u{186}", 3},
    {"Authress", "sc_", "a{5,30}.a{4,6}.u{30,160}"},
    {"AWS access key", "AKIA", "U{16}"},
    {"AWS temporary key", "ASIA", "U{16}"},
    {"AWS service bearer", "ABIA", "U{16}"},
    {"AWS context key", "ACCA", "U{16}"},
    {"AWS group", "AGPA", "U{16}"},
    {"AWS role", "AROA", "U{16}"},
    {"AWS user", "AIDA", "U{16}"},
    {"AWS Bedrock", "ABSK", "b{109,270}", 3},
    {"AWS Bedrock short", "bedrock-api-key-", "b{20,2000}", 3},
    {"Azure DevOps", "AZDO", "A{48,80}", 3},
    {"Buildkite", "bkua_", "x{40}"},
    {"Checkly", "cu_", "x{32}"},
    {"CircleCI", "CCIPAT_", "A{22}_x{40}"},
    {"ClickHouse Cloud", "4b1d", "A{38}", 3},
    {"Clojars", "CLOJARS_", "a{60}"},
    {"Cloudflare origin", "v1.0-", "x{24}-x{146}"},
    {"Cloudinary", "cloudinary://", "d{10,20}:w{20,40}", 2},
    {"Databricks", "dapi", "x{32}"},
    {"Datadog application", "ddapp_", "A{32,60}"},
    {"Deno", "ddp_", "A{36}"},
    {"Deno organisation", "ddo_", "A{36}"},
    {"DigitalOcean OAuth", "doo_v1_", "x{64}"},
    {"DigitalOcean", "dop_v1_", "x{64}"},
    {"DigitalOcean refresh", "dor_v1_", "x{64}"},
    {"Docker Hub", "dckr_pat_", "w{27}"},
    {"Docker Hub organisation", "dckr_oat_", "w{27,40}"},
    {"Doppler", "dp.pt.", "A{43}"},
    {"Doppler service", "dp.st.", "u{40,80}"},
    {"Duffel test", "duffel_test_", "u{43}"},
    {"Duffel", "duffel_live_", "u{43}"},
    {"Dynatrace", "dt0c01.", "A{24}.A{64}", 3},
    {"EasyPost", "EZAK", "A{54}"},
    {"EasyPost test", "EZTK", "A{54}"},
    {"Expo", "expo_", "A{30,50}", 3},
    {"Facebook page", "EAAM", "A{80,400}", 3},
    {"Facebook", "EAAC", "A{80,400}", 3},
    {"Facebook app", "EAAB", "A{80,400}", 3},
    {"Figma", "figd_", "w{40,60}", 3},
    {"Flutterwave", "FLWSECK_TEST-", "a{32}-X"},
    {"Flutterwave live", "FLWSECK-", "a{32}-X"},
    {"Flutterwave public", "FLWPUBK_TEST-", "a{32}-X"},
    {"Fly.io", "fo1_", "w{43}"},
    {"Fly.io macaroon", "fm1r_", "b{100,2000}", 3},
    {"Fly.io macaroon", "fm1a_", "b{100,2000}", 3},
    {"Fly.io macaroon", "fm2_", "b{100,2000}", 3},
    {"Frame.io", "fio-u-", "u{64}"},
    {"Google API", "AIza", "w{35}", 3},
    {"Google OAuth token", "ya29.", "w{30,300}", 3},
    {"Google OAuth secret", "GOCSPX-", "w{28}", 3},
    {"Google refresh", "1//0", "w{40,110}", 3},
    {"GitHub", "ghp_", "A{36}"},
    {"GitHub OAuth", "gho_", "A{36}"},
    {"GitHub app user", "ghu_", "A{36}"},
    {"GitHub app", "ghs_", "A{36}"},
    {"GitHub refresh", "ghr_", "A{36,76}"},
    {"GitHub fine-grained", "github_pat_", "w{82}"},
    {"GitLab", "glpat-", "u{20,300}"},
    {"GitLab job", "glcbt-", "A{1,5}_w{20}"},
    {"GitLab deploy", "gldt-", "w{20}"},
    {"GitLab feature flag", "glffct-", "w{20}"},
    {"GitLab feed", "glft-", "w{20}"},
    {"GitLab incoming mail", "glimt-", "w{25}"},
    {"GitLab agent", "glagent-", "w{50}"},
    {"GitLab OAuth", "gloas-", "w{64}"},
    {"GitLab trigger", "glptt-", "x{40}"},
    {"GitLab runner registration", "GR1348941", "w{20}"},
    {"GitLab runner", "glrt-", "u{20,320}"},
    {"GitLab SCIM", "glsoat-", "w{20}"},
    {"GitLab session", "_gitlab_session=", "a{32}"},
    {"Grafana", "eyJrIjoi", "b{70,400}", 3},
    {"Grafana Cloud", "glc_", "b{32,400}", 3},
    {"Grafana service account", "glsa_", "A{32}_h{8}"},
    {"Groq", "gsk_", "A{52}", 3},
    {"Harness", "pat.", "w{22}.A{24}.A{20}"},
    {"Harness service", "sat.", "w{22}.A{24}.A{20}"},
    {"HashiCorp Vault", "hvs.", "w{24,160}", 3},
    {"HashiCorp Vault batch", "hvb.", "w{100,300}", 3},
    {"Heroku", "HRKU-AA", "w{58}", 3},
    {"Hugging Face", "hf_", "A{34}", 3},
    {"Hugging Face organisation", "api_org_", "A{34}", 3},
    {"Infracost", "ico-", "A{32}"},
    {"Intra 42", "s-s4t2ud-", "x{64}"},
    {"Intra 42", "s-s4t2af-", "x{64}"},
    {"JSON web token", "eyJ", "w{14,4000}.w{17,8000}.w{10,1000}", 3},
    {"LangSmith", "lsv2_pt_", "x{32}_x{10}"},
    {"LangSmith service", "lsv2_sk_", "x{32}_x{10}"},
    {"Linear", "lin_api_", "A{40}"},
    {"Linear OAuth", "lin_oauth_", "A{40,80}"},
    {"Mailgun", "key-", "x{32}"},
    {"Mailgun public", "pubkey-", "x{32}"},
    {"Mapbox secret", "sk.eyJ", "u{60,200}", 3},
    {"Mapbox", "pk.eyJ", "u{60,200}", 3},
    {"Neon", "napi_", "A{64}", 3},
    {"Netlify", "nfp_", "A{36}"},
    {"New Relic user", "NRAK-", "U{27}"},
    {"New Relic browser", "NRJS-", "x{19}"},
    {"New Relic insert", "NRII-", "w{32}"},
    {"New Relic licence", "NRAL-", "A{32}"},
    {"Notion", "ntn_", "d{11}A{35}", 3},
    {"Notion secret", "secret_", "A{43}", 3},
    {"npm", "npm_", "A{36}"},
    {"NuGet", "oy2", "a{43}", 3},
    {"Nvidia", "nvapi-", "w{60,70}", 3},
    {"Octopus Deploy", "API-", "U{26}", 3},
    {"OpenAI", "sk-proj-", "w{20,200}", 3},
    {"OpenAI service account", "sk-svcacct-", "w{20,200}", 3},
    {"OpenAI admin", "sk-admin-", "w{20,200}", 3},
    {"OpenAI", "sk-", "A{48}", 3},
    {"OpenRouter", "sk-or-v1-", "x{64}", 3},
    {"OpenShift", "sha256~", "w{43}", 3},
    {"Perplexity", "pplx-", "A{48}", 3},
    {"Pinecone", "pcsk_", "w{50,80}", 3},
    {"Plaid production", "access-production-", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"Plaid sandbox", "access-sandbox-", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"PlanetScale", "pscale_tkn_", "u{32,64}"},
    {"PlanetScale OAuth", "pscale_oauth_", "u{32,64}"},
    {"PlanetScale password", "pscale_pw_", "u{32,64}"},
    {"PostHog", "phc_", "A{43}", 3},
    {"PostHog personal", "phx_", "A{43}", 3},
    {"Postman", "PMAK-", "x{24}-x{34}"},
    {"Prefect", "pnu_", "A{36}"},
    {"Pulumi", "pul-", "x{40}"},
    {"PyPI", "pypi-AgEIcHlwaS5vcmc", "w{50,1000}", 3},
    {"ReadMe", "rdme_", "a{70}"},
    {"Replicate", "r8_", "A{37}", 3},
    {"Resend", "re_", "A{8}_A{24}", 3},
    {"RubyGems", "rubygems_", "x{48}"},
    {"Scalingo", "tk-us-", "w{48}"},
    {"SendGrid", "SG.", "w{22}.w{43}", 3},
    {"Sendinblue", "xkeysib-", "x{64}-A{16}"},
    {"Sentry organisation", "sntrys_", "u{60,400}", 3},
    {"Sentry user", "sntryu_", "x{64}"},
    {"SettleMint application", "sm_aat_", "A{16}"},
    {"SettleMint personal", "sm_pat_", "A{16}"},
    {"SettleMint service", "sm_sat_", "A{16}"},
    {"Shippo live", "shippo_live_", "h{40}"},
    {"Shippo test", "shippo_test_", "h{40}"},
    {"Shopify", "shpat_", "h{32}"},
    {"Shopify custom", "shpca_", "h{32}"},
    {"Shopify private", "shppa_", "h{32}"},
    {"Shopify shared", "shpss_", "h{32}"},
    {"Slack app", "xapp-", "d{1}-U{8,12}-d{10,14}-x{64}"},
    {"Slack bot", "xoxb-", "w{20,90}"},
    {"Slack user", "xoxp-", "w{20,90}"},
    {"Slack workspace", "xoxa-", "w{20,90}"},
    {"Slack refresh", "xoxr-", "w{20,90}"},
    {"Slack legacy", "xoxs-", "w{20,90}"},
    {"Slack configuration", "xoxe-", "w{100,170}"},
    {"Slack configuration", "xoxe.xoxp-", "w{100,170}"},
    {"Slack webhook", "hooks.slack.com/services/", "A{8,12}/A{8,12}/A{20,28}"},
    {"Snyk", "snyk_uat.", "u{20,120}", 3},
    {"Sourcegraph", "sgp_", "w{40,80}", 3},
    {"Square", "sq0atp-", "w{22}"},
    {"Square secret", "sq0csp-", "w{43}"},
    {"Square", "EAAA", "w{60}", 3},
    {"Stripe live", "sk_live_", "A{10,99}"},
    {"Stripe test", "sk_test_", "A{10,99}"},
    {"Stripe restricted", "rk_live_", "A{10,99}"},
    {"Stripe restricted test", "rk_test_", "A{10,99}"},
    {"Stripe webhook", "whsec_", "A{24,80}", 3},
    {"Supabase", "sbp_", "x{40}"},
    {"Supabase secret", "sb_secret_", "w{22,40}", 3},
    {"Tailscale", "tskey-auth-", "w{15,70}"},
    {"Tailscale API", "tskey-api-", "w{15,70}"},
    {"Tavily", "tvly-", "w{20,50}", 3},
    {"Telegram bot webhook", "api.telegram.org/bot", "d{8,10}:w{35}", 3},
    {"Terraform Cloud", "atlasv1.", "u{60,70}", 3},
    {"Twilio key", "SK", "x{32}"},
    {"Twilio account", "AC", "x{32}"},
    {"Typeform", "tfp_", "u{59}"},
    {"Vercel", "vercel_blob_rw_", "A{16}_A{20,40}"},
    {"Weights and Biases", "wandb_v1_", "w{40,90}", 3},
    {"xAI", "xai-", "A{80}", 3},
    {"Yandex", "AQVN", "w{35,38}", 3},
    {"Yandex IAM", "t1.", "u{60,220}", 3.5},
    {"Yandex AWS", "YC", "w{38}", 3.5},
    {"Zapier webhook", "hooks.zapier.com/hooks/catch/", "d{5,10}/A{5,10}", 1},
    {"Zuplo", "zpka_", "w{30,60}", 3},
    {"Discord webhook", "discord.com/api/webhooks/", "d{17,20}/w{60,80}", 3},
};

constexpr assigned_shape all_assigned_shapes[] = {
    {"adafruit", "w{32}"},
    {"adobe", "x{32}"},
    {"airtable", "A{17}"},
    {"algolia", "a{32}"},
    {"alibaba", "A{30}"},
    {"amplitude", "x{32}"},
    {"appcenter", "x{40}"},
    {"asana", "d{16}", 2},
    {"asana", "a{32}"},
    {"atlassian", "A{24}", 3},
    {"jira", "A{24}", 3},
    {"confluence", "A{24}", 3},
    {"auth0", "w{64}", 3},
    {"aws", "b{40}", 3.5},
    {"amazon", "b{40}", 3.5},
    {"azure", "u{43,44}", 3},
    {"beamer", "'b_u{44}"},
    {"bitbucket", "A{32}"},
    {"bitbucket", "u{64}"},
    {"bitly", "x{40}"},
    {"bittrex", "x{32}"},
    {"braintree", "x{32}"},
    {"bugsnag", "x{32}"},
    {"meraki", "x{40}"},
    {"cloudflare", "w{40}"},
    {"cloudflare", "x{37}"},
    {"cloudinary", "w{27}", 3},
    {"codecov", "A{32}"},
    {"cohere", "A{40}", 3},
    {"coinbase", "w{64}"},
    {"confluent", "A{16}"},
    {"confluent", "b{64}"},
    {"contentful", "u{43}"},
    {"databricks", "u{36}", 3},
    {"datadog", "x{40}"},
    {"datadog", "x{32}"},
    {"deepgram", "x{40}"},
    {"deepl", "x{8}-x{4}-x{4}-x{4}-x{12}:fx"},
    {"discord", "x{64}"},
    {"discord", "d{18}", 2},
    {"discord", "w{32}"},
    {"discord", "w{24}.w{6}.w{27,38}", 3},
    {"droneci", "A{32}"},
    {"dropbox", "A{15}"},
    {"dropbox", "'sl.u{130,150}", 3},
    {"elastic", "A{24}", 3},
    {"elevenlabs", "x{32}"},
    {"etsy", "A{24}", 3},
    {"facebook", "x{32}", 3},
    {"fastly", "w{32}"},
    {"finicity", "x{32}"},
    {"finicity", "A{20}"},
    {"finnhub", "A{20}"},
    {"firebase", "w{39}", 3},
    {"flickr", "a{32}"},
    {"freshbooks", "a{64}"},
    {"freshdesk", "A{20}"},
    {"gemini", "w{39}", 3},
    {"gitter", "w{40}"},
    {"gocardless", "'live_u{40}"},
    {"heroku", "h{8}-h{4}-h{4}-h{4}-h{12}"},
    {"hubspot", "h{8}-h{4}-h{4}-h{4}-h{12}"},
    {"intercom", "u{60}"},
    {"jfrog", "A{73}", 3},
    {"artifactory", "A{64}", 3},
    {"keycloak", "A{32}", 3},
    {"kraken", "b{80,90}", 3},
    {"kucoin", "x{24}"},
    {"kucoin", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"launchdarkly", "u{40}"},
    {"launchdarkly", "'sdk-x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"linear", "x{32}"},
    {"linkedin", "a{14}"},
    {"linkedin", "A{16}"},
    {"lob", "'live_x{35}"},
    {"lob", "'test_x{35}"},
    {"looker", "a{20}"},
    {"looker", "a{24}"},
    {"mailchimp", "x{32}-usd{1,2}"},
    {"mailgun", "x{32}-x{8}-x{8}"},
    {"mailjet", "x{32}"},
    {"mandrill", "w{22}", 3},
    {"mapbox", "'pk.A{60}.A{22}"},
    {"mattermost", "a{26}"},
    {"messagebird", "A{25}"},
    {"messagebird", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"mistral", "A{32}", 3},
    {"netlify", "u{40,46}"},
    {"newrelic", "a{64}"},
    {"new_relic", "x{36}NRAL"},
    {"nytimes", "u{32}"},
    {"okta", "00w{40}", 3},
    {"openweather", "x{32}"},
    {"pagerduty", "u{20}", 3},
    {"paypal", "w{80}", 3},
    {"pinecone", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"pipedrive", "x{40}"},
    {"plaid", "x{24}", 3},
    {"plaid", "x{30}", 3},
    {"rapidapi", "w{50}", 3},
    {"razorpay", "A{24}", 3},
    {"rollbar", "x{32}"},
    {"segment", "A{32}", 3},
    {"sendbird", "x{40}"},
    {"sendbird", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"sentry", "x{64}", 3},
    {"sentry", "x{32}", 3},
    {"shodan", "A{32}", 3},
    {"slack", "x{32}", 3},
    {"snyk", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"sonar", "x{40}"},
    {"spotify", "x{32}"},
    {"squarespace", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"stability", "'sk-A{48}", 3},
    {"sumologic", "'suA{12}", 2},
    {"sumologic", "A{64}", 3},
    {"telegram", "d{8,10}:w{35}", 3},
    {"telegr", "d{8,10}:w{35}", 3},
    {"todoist", "x{40}"},
    {"together", "x{64}", 3},
    {"travis", "A{22}", 3},
    {"trello", "A{32}"},
    {"twilio", "x{32}"},
    {"twitch", "a{30}"},
    {"twitter", "A{45}", 3},
    {"twitter", "A{50}", 3},
    {"twitter", "w{80,120}", 3},
    {"typesense", "A{32}", 3},
    {"unsplash", "w{43}", 3},
    {"vercel", "A{24}", 3},
    {"wandb", "x{40}"},
    {"wakatime", "x{8}-x{4}-x{4}-x{4}-x{12}"},
    {"yandex", "w{39}", 3},
    {"zendesk", "a{40}"},
    {"zoom", "A{32}", 3},
    {"zoho", "x{32}"},
};

struct set_of_characters {
  char letter;
  std::string_view characters;
};

constexpr set_of_characters sets[] = {
    {'d', "0123456789"},
    {'x', "0123456789abcdef"},
    {'h', "0123456789abcdefABCDEF"},
    {'U', "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
    {'a', "abcdefghijklmnopqrstuvwxyz0123456789"},
    {'A', "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
    {'w', "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"},
    {'u', "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-=."},
    {'b', "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/="},
};

std::size_t read_size(std::string_view form, std::size_t& i) {
  std::size_t v = 0;
  while (is_digit(at(form, i))) v = v * 10 + static_cast<std::size_t>(form[i++] - '0');
  return v;
}

}  // namespace

std::span<const token_shape> token_shapes() {
  return all_token_shapes;
}

std::span<const assigned_shape> assigned_shapes() {
  return all_assigned_shapes;
}

std::string_view characters_of(char set) {
  for (const set_of_characters& s : sets)
    if (s.letter == set) return s.characters;
  return {};
}

std::size_t secret_form_end(std::string_view form, std::string_view s, std::size_t begin) {
  std::size_t at_text = begin;
  for (std::size_t i = 0; i < form.size();) {
    // Only a letter with a count behind it is a set.
    const bool is_set = at(form, i + 1) == '{';
    if (!is_set) {
      if (form[i] == '\'') ++i;
      if (at(s, at_text) != form[i]) return begin;
      ++at_text;
      ++i;
      continue;
    }
    const std::string_view set = characters_of(form[i]);
    i += 2;
    const std::size_t least = read_size(form, i);
    std::size_t most = least;
    if (at(form, i) == ',') most = read_size(form, ++i);
    ++i;  // "}"
    std::size_t n = 0;
    while (n < most && at_text < s.size() && set.find(s[at_text]) != std::string_view::npos) {
      ++n;
      ++at_text;
    }
    if (n < least) return begin;
  }
  return at_text;
}

double entropy_of(std::string_view s) {
  std::array<unsigned, 256> counts{};
  for (const char c : s) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const unsigned n : counts)
    if (n > 0) {
      const double p = double(n) / double(s.size());
      bits -= p * std::log2(p);
    }
  return bits;
}

}  // namespace agon::pii
