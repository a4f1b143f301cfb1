/**
 * Buckets of keys: what the fast paths of aggregation and keyed state share. A runner pays for each
 * element that it sends to a keyed step, and for each key that it looks up there; so a bundle's
 * elements are gathered by key, and the keys sent by the bucket.
 */
package org.beamtemplates.transforms.bucket;
