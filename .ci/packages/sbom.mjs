/** Bills of materials in CycloneDX's format. */
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

/**
 * The bill of materials of a package as JSON: the same bytes for the same parts.
 *
 * @param of     The package: name, version, license.
 * @param parts  What it holds or depends on: name, version, license, and where known purl and integrity.
 */
export function billOfMaterials(of, parts) {
  const bom = new Models.Bom();
  bom.metadata.component = component(of);
  for (const part of parts) bom.components.add(component(part));
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component({ name, version, license, purl, integrity }) {
  const [, group, plain] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name);
  const result = new Models.Component(Enums.ComponentType.Library, plain, {
    version,
    group,
    purl: purl ?? `pkg:npm/${name.replace('@', '%40')}@${version}`,
    bomRef: `${name}@${version}`,
  });
  result.licenses.add(
    /[ ()]/.test(license) ? new Models.LicenseExpression(license) : new Models.SpdxLicense(license),
  );
  const [, sha512] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  if (sha512)
    result.hashes.set(
      Enums.HashAlgorithm['SHA-512'],
      Buffer.from(sha512, 'base64').toString('hex'),
    );
  return result;
}
