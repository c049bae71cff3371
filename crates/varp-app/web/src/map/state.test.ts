import { expect, it } from 'vitest';
import { readState, writeState } from './state';

it('survives the address bar', () => {
  const search = '?country=SE&crm=EU-2024&lang=sv&colour=commodity';
  const state = readState(search, '#map=5.50/61.250/-14.125');
  expect(state.view).toEqual([5.5, 61.25, -14.125]);
  const address = writeState(state, search);
  expect(readState(address.split('#')[0] ?? '', `#${address.split('#')[1]}`)).toEqual(state);
  expect(address).toContain('lang=sv');
});

it('keeps the address short where nothing is asked', () => {
  const state = readState('?country=SE&kind=', '');
  state.conditions.country = '';
  expect(writeState(state, '?country=SE&kind=')).toBe('');
});

it('ignores a view that is no view', () => {
  for (const hash of ['', '#map=', '#map=1/2', '#map=a/b/c', '#list-title']) {
    expect(readState('', hash).view).toBeUndefined();
  }
});
