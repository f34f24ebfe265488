import assert from "node:assert/strict";
import { extractFileText } from "../../../../src/reading/documents/extract-file-text.js";

function read(xml: string): string {
  return extractFileText("draft-example-keep-00.xml", Buffer.from(xml))?.text ?? "";
}

/** The source of a draft in the first of the two versions that are in use. */
const OLD = `<?xml version="1.0"?>
<!DOCTYPE rfc SYSTEM "rfc2629.dtd" [
  <!ENTITY MUST "<bcp14>MUST</bcp14>">
  <!ENTITY MUST-NOT "<bcp14>MUST NOT</bcp14>">
]>
<?rfc toc="yes"?>
<rfc category="std" docName="draft-example-keep-00">
  <front>
    <title abbrev="Keep">Keeping Rows</title>
    <author fullname="Ada Example"><organization>Example</organization></author>
    <abstract><t>This document says how rows are kept.</t></abstract>
  </front>
  <middle>
    <section anchor="intro" title="Introduction">
      <t>A server &MUST; keep rows as <xref target="limits"/> says, and &MUST-NOT; drop
        2<x:sup>14</x:sup> of them <xref target="RFC0001"/>.
        <list style="numbers"><t>Ask first.</t><t>Then drop.</t></list>
        It ends here.</t>
      <figure title="A call"><preamble>As follows:</preamble><artwork type="abnf"><![CDATA[
keep = "<" rows ">"
]]></artwork></figure>
    </section>
    <section anchor="limits" title="Limits">
      <section title="Fields" anchor="fields">
        <t><list style="hanging">
          <t hangText="Rows:">The number of rows.</t>
          <x:lt hangText="Days:"><t>The number of days.</t><t>It may be zero.</t></x:lt>
        </list></t>
      </section>
      <texttable anchor="codes"><ttcol>Code</ttcol><ttcol>Meaning</ttcol><c>1</c><c>kept</c><c>2</c><c>dropped</c></texttable>
      <t>See <xref target="fields"/> and <xref target="codes"/>. <iref item="row"/></t>
    </section>
  </middle>
  <back><references title="Normative References">
    <reference anchor="RFC0001"><front><title>Host Software</title><author fullname="S. Crocker"/><date year="1969"/></front><seriesInfo name="RFC" value="1"/></reference>
  </references></back>
</rfc>`;

describe("the source of an RFC", () => {
  it("has sections by their titles, and what its declarations say", () => {
    const text = read(OLD);
    assert.match(
      text,
      /^# Keeping Rows\n\n## Abstract\n\nThis document says how rows are kept\.\n\n## Introduction\n/,
    );
    assert.match(
      text,
      /A server MUST keep rows as Section 2 says, and MUST NOT drop 2\^14 of them \[RFC0001\]\.\n\n1\. Ask first\.\n2\. Then drop\.\n\nIt ends here\./,
    );
    assert.match(text, /As follows:\n```abnf\nkeep = "<" rows ">"\n```/);
    assert.doesNotMatch(text, /Ada Example|<rfc|\?rfc/);
  });

  it("has fields as terms and tables as rows", () => {
    const text = read(OLD);
    assert.match(
      text,
      /### Fields\n\n- Rows: The number of rows\.\n- Days: The number of days\.\n {2}It may be zero\./,
    );
    assert.match(text, /\| Code: 2 \| Meaning: dropped \|/);
    assert.match(text, /See Section 2\.1 and Table 1\./);
    assert.match(text, /\[RFC0001\] “Host Software”, RFC 1/);
  });

  it("is read in its newer version", () => {
    const text = read(
      `<?xml version="1.0"?>\n<rfc version="3" xmlns:xi="http://www.w3.org/2001/XInclude"><front><title>Keeping Rows</title></front><middle>` +
        `<section anchor="a"><name>Limits</name><t>It is <bcp14>REQUIRED</bcp14> to call <tt>keep()</tt>, as <xref target="RFC0001" section="3.2"/> says.</t>` +
        `<ul><li><t>One row.</t></li><li>Two rows.</li></ul><dl><dt>days:</dt><dd>The number of days.</dd></dl>` +
        `<sourcecode type="c">keep(1);</sourcecode><table><name>Codes</name><thead><tr><th>Code</th><th>Use</th></tr></thead><tbody><tr><td>7</td><td>kept</td></tr></tbody></table></section></middle></rfc>`,
    );
    assert.match(text, /## Limits\n\nIt is REQUIRED to call keep\(\), as Section 3\.2 of RFC0001 says\./);
    assert.match(text, /- One row\.\n- Two rows\./);
    assert.match(text, /- days: The number of days\./);
    assert.match(text, /```c\nkeep\(1\);\n```/);
    assert.match(text, /Codes\n+\| Code \|/);
  });
});
