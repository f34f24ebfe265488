import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createPublicLookup,
  assertPublicUrl,
  isPublicAddress,
  type ResolveHost,
} from "../../../../src/reading/web/url-guard.js";

const none = new Set<string>();

describe("addresses", () => {
  it("passes the public internet and nothing else", () => {
    for (const address of [
      "8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "223.255.255.255",
      "2606:4700::1111", "2a00:1450:4001::200e",
    ]) assert.ok(isPublicAddress(address), address); // prettier-ignore
    for (const address of [
      "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
      "100.64.0.1", "100.100.100.200", "0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1",
      "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "168.63.129.16",
      "::1", "::", "fe80::1", "fe80::1%eth0", "2606:4700::1111%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
      // What carries an IPv4 address, whichever: mapped, compatible, translated, NAT64, 6to4, Teredo.
      "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1", "::7f00:1", "::8.8.8.8", "::ffff:0:7f00:1",
      "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001:0:1::1",
      "2001:db8::1", "100::1", "200::1", "4000::1", "5f00::1", "not an address", "", "127.1", "0x7f000001", "2130706433",
    ]) assert.ok(!isPublicAddress(address), address); // prettier-ignore
  });

  it("refuses other schemes and passwords, and does not repeat the password", () => {
    for (const url of [
      "file:///etc/passwd", "ftp://x.y/", "javascript:1", "data:text/html,x", "gopher://x.y/", "ws://x.y/", "about:blank",
      "nothing", "", "//example.org/", "http://", "http://[fe80::1%25eth0]/", "http://[::1%16]/", "http://1.2.3.4.5/",
      "http://256.256.256.256/", "http://example.org:99999/", "http://exa mple.org/",
      "http://u:p@example.org/", "http://u@example.org/", "http://:p@example.org/", "http://8.8.8.8@127.0.0.1/",
      "http://127.0.0.1:80@8.8.8.8/", "https://example.org%40127.0.0.1@example.org/",
    ]) assert.throws(() => assertPublicUrl(url, none), { code: "bad-url" }, url); // prettier-ignore
    for (const url of ["ftp://me:secret@x.y/", "http://me:secret@x.y/", "http://me:secret@[/"]) {
      assert.throws(
        () => assertPublicUrl(url, none),
        (error: Error) => !error.message.includes("secret"),
      );
    }
    assert.throws(
      () => assertPublicUrl(`data:${"x".repeat(100_000)}`, none),
      (error: Error) => error.message.length < 300,
    );
  });

  it("refuses private addresses in any spelling", () => {
    for (const url of [
      "http://127.0.0.1/", "http://127.0.0.1./", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f.1/",
      "http://0x7f000001/", "http://0177.0.0.1/", "http://017700000001/", "http://0177.0x0.0.1/", "http://0/", "http://0.0.0.0/",
      "http://%31%32%37.0.0.1/", "http://127\u30020\u30020\u30021/", "http://\uff11\uff12\uff17\uff0e\uff10\uff0e\uff10\uff0e\uff11/",
      "http://\u2460\u2461\u2466.0.0.1/", "http://127.0.0.1\\@example.org/", "http:\\\\127.0.0.1\\", "http:127.0.0.1", "HTTP://127.0.0.1/",
      " http://127.0.0.1/ ", "http://127.0.\t0.1/", "http://127.0.0.1#@example.org/", "http://127.0.0.1?@example.org/",
      "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:127.0.0.1]/",
      "http://[::127.0.0.1]/", "http://[::7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fd00::]/",
      "http://[fe80::1]/", "http://[ff02::1]/", "http://10.0.0.1/", "http://192.168.0.1/", "http://172.16.0.1/", "http://100.64.0.1/",
      "http://169.254.169.254/latest/meta-data", "http://0xa9fea9fe/", "http://[fd00:ec2::254]/",
      "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://localhost../", "http://a.localhost/",
      "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/", "http://printer.local/", "http://metadata.google.internal/",
      "http://metadata.google.internal./", "http://router.home.arpa/",
    ]) assert.throws(() => assertPublicUrl(url, none), { code: "refused-address" }, JSON.stringify(url)); // prettier-ignore
  });

  it("lets public names and addresses through, and the ports of the web", () => {
    for (const url of [
      "http://example.org/", "https://example.org:8443/", "http://example.org:8080/", "http://example.org:443/", "http://8.8.8.8/",
      "https://[2606:4700:4700::1111]/", "http://localhost.example.org/", "http://notlocalhost/", "http://internal.example.org/",
      "http://xn--bcher-kva.example/", "http://b\u00fccher.example/", "http://127.0.0.1.example.org/", "http://10.example.org/",
      "http://@example.org/", "http://example.org/@127.0.0.1", "http://example.org/?u=http://127.0.0.1/", "http://intranet/",
    ]) assert.ok(assertPublicUrl(url, none), url); // prettier-ignore
    for (const port of [1, 22, 25, 81, 3000, 5432, 6379, 8000, 9200, 65535]) {
      assert.throws(() => assertPublicUrl(`http://example.org:${port}/`, none), {
        code: "refused-address",
        message: /ports 80/,
      });
    }
  });

  it("lets the named host and port through, and no other port of it", () => {
    const allowed = new Set(["127.0.0.1:8080", "[::1]:80", "docs.local:3000"]);
    assert.equal(assertPublicUrl("http://127.0.0.1:8080/x", allowed).port, "8080");
    assert.equal(assertPublicUrl("http://[::1]/x", allowed).pathname, "/x");
    assert.equal(assertPublicUrl("http://docs.local:3000/x", allowed).port, "3000");
    for (const url of [
      "http://127.0.0.1:8081/x",
      "http://127.0.0.1/",
      "https://[::1]/",
      "http://docs.local/",
    ]) {
      assert.throws(() => assertPublicUrl(url, allowed), { code: "refused-address" }, url);
    }
    assert.throws(() => assertPublicUrl("http://u:p@127.0.0.1:8080/x", allowed), { code: "bad-url" });
  });

  it("passes no public number in another spelling off as private, and no private one as public", () => {
    const parts = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(parts, ([a, b, c, d]) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const isPublic = isPublicAddress(`${a}.${b}.${c}.${d}`);
        for (const host of [
          String(number),
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `${a}.${(b * 256 + c) * 256 + d}`,
          `0x${a.toString(16)}.0${b.toString(8)}.${c * 256 + d}`,
        ]) {
          if (isPublic)
            assert.equal(assertPublicUrl(`http://${host}/`, none).hostname, `${a}.${b}.${c}.${d}`);
          else assert.throws(() => assertPublicUrl(`http://${host}/`, none), { code: "refused-address" });
        }
      }),
    );
  });
});

describe("names that are looked up", () => {
  const look = (addresses: string[], mayBePrivate: boolean, all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      createPublicLookup((_name, _options, done) => done(null, found), mayBePrivate)(
        "name.example",
        { all },
        (error, address) => (error === null ? resolve(address) : reject(error)),
      );
    });

  it("give what was checked and nothing else", async () => {
    assert.equal(await look(["8.8.8.8"], false, false), "8.8.8.8");
    assert.deepEqual(await look(["8.8.8.8", "2606:4700::1111"], false, true), [
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ]);
    assert.equal(await look(["10.0.0.1"], true, false), "10.0.0.1");
  });

  it("are refused where one of their addresses is private, or there is none", async () => {
    for (const all of [true, false]) {
      for (const found of [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:8.8.8.8"], ["nonsense"], []]) {
        await assert.rejects(look(found, false, all), { code: "refused-address" });
      }
    }
    await assert.rejects(look([], true, false), { code: "refused-address" });
  });

  it("pass the system's own error on", async () => {
    const failure = Object.assign(new Error("no"), { code: "ENOTFOUND" });
    await assert.rejects(
      new Promise((_resolve, reject) => {
        const resolve: ResolveHost = (_name, _options, done) => done(failure, undefined as never);
        createPublicLookup(resolve, false)("name.example", {}, (error) => reject(error ?? new Error("none")));
      }),
      { code: "ENOTFOUND" },
    );
  });
});
