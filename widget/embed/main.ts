import { element, panel } from 'virtual:chunks';

const me = document.currentScript;
if (me instanceof HTMLScriptElement) void import(/* @vite-ignore */ new URL(panel, me.src).href + element);
